using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Rosa.Catalog;

/// <param name="LowAt">From how few units on it runs low.</param>
public sealed record LowProduct(Guid ProductId, string Title, string? Sku, string? ImageUrl, int Available, int Reserved, int LowAt);

public sealed record LowStockPage(IReadOnlyList<LowProduct> Products, int Total, int Page, int Limit);

/// <summary><c>GET /api/products/low-stock</c>: what is to be ordered anew, the emptiest shelf first.</summary>
static class ListLowStock
{
    const string RunLow = "from stock s join products p using (product_id) where s.for_sale and p.withdrawn_at is null and s.available <= coalesce(s.low_at, $1)";

    public static async Task<Ok<LowStockPage>> Handle(
        NpgsqlDataSource source, IOptions<CatalogOptions> options, CancellationToken cancellationToken, [Range(1, 10_000)] int page = 1, [Range(1, 100)] int limit = 20)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new($"select count(*)::int {RunLow}"));
        batch.BatchCommands.Add(new($"select product_id, title, sku, image_url, available, reserved, coalesce(low_at, $1) {RunLow} order by available, title, product_id limit $2 offset $3")
        {
            Parameters = { Number(options.Value.LowStock), Number(limit), Number((page - 1) * limit) },
        });
        batch.BatchCommands[0].Parameters.Add(Number(options.Value.LowStock));

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var total = reader.GetInt32(0);
        await reader.NextResultAsync(cancellationToken);
        var products = new List<LowProduct>();
        while (await reader.ReadAsync(cancellationToken))
            products.Add(new(reader.GetGuid(0), reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3),
                reader.GetInt32(4), reader.GetInt32(5), reader.GetInt32(6)));
        return TypedResults.Ok(new LowStockPage(products, total, page, limit));
    }

    static NpgsqlParameter Number(int number) => new NpgsqlParameter<int> { TypedValue = number };
}
