using System.Net;
using System.Text.Json;
using System.Text.Json.Nodes;
using Polly.CircuitBreaker;
using Rosa.Contracts.Catalog;
using Rosa.Platform.Grpc;
using Rosa.Platform.Problems;
using Rosa.Platform.Resilience;

namespace Rosa.Gateway;

/// <summary>
/// <c>GET /api/orders/{orderId}/details</c>: the order with a card of each product as it is now, and the payment, in one call. Who may see the order
/// is Orders' decision; a part that is down is null and named in <c>unavailable</c>.
/// </summary>
sealed class OrderDetails(Parts parts, ServiceGrpc grpc, ServiceHttp http, BadTokens badTokens)
{
    static readonly Route route = new(["GET"], "/api/orders/{orderId:guid}/details", "orders", BadToken.Refused);
    static readonly TimeSpan within = TimeSpan.FromSeconds(3);

    public static async Task Handle(Guid orderId, HttpContext context, OrderDetails use)
    {
        if (await use.badTokens.CheckAsync(context, route) is { } refused) await ProblemMiddleware.WriteAsync(context, refused.ToDetails());
        else await use.WriteAsync(orderId, context);
    }

    readonly BadTokens badTokens = badTokens;

    async Task WriteAsync(Guid orderId, HttpContext context)
    {
        var order = await parts.AskAsync("orders", $"/api/orders/{orderId}", context);
        if (order.IsDown) throw new ProblemException(Upstream.Down("orders"));
        if (order.Status != HttpStatusCode.OK)
        {
            await Results.Json(order.Body, statusCode: (int)order.Status, contentType: "application/problem+json").ExecuteAsync(context);
            return;
        }

        var (asked, found) = (ProductsAsync(order.Body!.Value, context), PaymentAsync(orderId, context.RequestAborted));
        var (products, payment) = (await asked, await found);
        var answer = JsonObject.Create(order.Body.Value)!;
        answer["products"] = products;
        answer["payment"] = payment.Body is { } body ? JsonObject.Create(body) : null;
        answer["unavailable"] = new JsonArray([.. products is null ? [JsonValue.Create("catalog")] : Array.Empty<JsonNode>(), .. payment.IsDown ? [JsonValue.Create("payments")] : Array.Empty<JsonNode>()]);
        context.Response.Headers.CacheControl = "private, no-store";
        await Results.Json(answer).ExecuteAsync(context);
    }

    /// <summary>A card of each product that is still sold, in the order of the lines; null when the catalog is down.</summary>
    async Task<JsonArray?> ProductsAsync(JsonElement order, HttpContext context)
    {
        var request = new GetProductsRequest { Language = Languages.Of(context.Request.Headers.AcceptLanguage).StartsWith("en", StringComparison.Ordinal) ? "en" : "fr" };
        request.ProductIds.AddRange(order.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("productId").GetString()));
        try
        {
            var answer = await grpc.CallAsync("catalog", CatalogGrpc.GetProducts, request, context.RequestAborted, within);
            var cards = answer.Products.Select(product => (JsonNode)new JsonObject
            {
                ["productId"] = product.ProductId,
                ["title"] = product.Title,
                ["price"] = product.SellingPriceCents / 100m,
                ["imageUrl"] = product.ImageUrl.Length == 0 ? null : product.ImageUrl,
                ["available"] = product.Available,
            });
            return [.. cards];
        }
        catch (Exception exception) when (exception is GrpcException or BrokenCircuitException)
        {
            return null;
        }
    }

    /// <summary>Asked by the gateway itself: a customer may not ask Payments, and that this is their order is known by now.</summary>
    async Task<Part> PaymentAsync(Guid orderId, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.SendAsync("payments", HttpMethod.Get, $"/api/payments?orderId={orderId}", body: null, within, cancellationToken);
            if (!response.IsSuccessStatusCode) return Part.Down;
            var page = await Parts.ReadAsync(response, cancellationToken);
            var payments = page.Body!.Value.GetProperty("payments");
            return page with { Body = payments.GetArrayLength() > 0 ? payments[0] : null };
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or BrokenCircuitException)
        {
            return Part.Down;
        }
    }
}
