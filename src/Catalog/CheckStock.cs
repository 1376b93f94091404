using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

public sealed record StockQuestion([Required] Guid? ProductId, [Required, Range(1, 1_000_000)] int? Quantity);

/// <param name="Items">One to a hundred; the same product on two lines is summed.</param>
public sealed record CheckStockRequest([Required, Length(1, 100), NoneMissing] IReadOnlyList<StockQuestion> Items);

/// <param name="Status"><c>AVAILABLE</c>, <c>INSUFFICIENT</c> or <c>UNKNOWN</c>.</param>
public sealed record StockState(Guid ProductId, int Requested, int Available, string Status);

public sealed record CheckStockResponse(bool AllAvailable, IReadOnlyList<StockState> Items);

/// <summary><c>POST /api/products/check-stock</c>: may all of this be bought now? Never cached.</summary>
static class CheckStock
{
    public static async Task<Ok<CheckStockResponse>> Handle(CheckStockRequest request, HttpContext http, StockReader stock, CancellationToken cancellationToken)
    {
        var requested = new Dictionary<Guid, int>();
        foreach (var item in request.Items) requested[item.ProductId!.Value] = requested.GetValueOrDefault(item.ProductId.Value) + item.Quantity!.Value;

        var available = await stock.AvailableAsync([.. requested.Keys], cancellationToken);
        var items = requested.Select(line => State(line.Key, line.Value, available)).ToList();
        http.Response.Headers.CacheControl = "no-store";
        return TypedResults.Ok(new CheckStockResponse(items.TrueForAll(item => item.Status == "AVAILABLE"), items));
    }

    static StockState State(Guid productId, int requested, IReadOnlyDictionary<Guid, int> available) =>
        available.TryGetValue(productId, out var units)
            ? new StockState(productId, requested, units, units >= requested ? "AVAILABLE" : "INSUFFICIENT")
            : new StockState(productId, requested, Available: 0, "UNKNOWN");
}
