using System.Runtime.CompilerServices;
using Rosa.Platform.Problems;
using Rosa.Web;

namespace Rosa.Storefront;

/// <summary>
/// <c>GET /live?product=</c> and <c>/live?order=</c>: server-sent events with the stock of a product, or that an order has moved on. Ends after some
/// minutes, when the browser comes again by itself, or when this process stops.
/// </summary>
static class Live
{
    static readonly TimeSpan longest = TimeSpan.FromMinutes(4);
    static readonly TimeSpan orderEvery = TimeSpan.FromSeconds(2);
    static readonly TimeSpan aliveEvery = TimeSpan.FromSeconds(20);

    public static async Task<IResult> Handle(HttpContext context, Visit visit, ShopApi shop, LiveStock stock, IHostApplicationLifetime lifetime, TimeProvider clock, Guid? product = null, Guid? order = null)
    {
        if (product is null == order is null) return Problem.NotFound("page").ToResultPage();
        if (order is { } known && (await shop.OrderStateAsync(known)).Refusal is { } refusal) return refusal.ToException().Problem.ToResultPage();
        if (stock.TryEnter() is not { } seat) return TypedResults.StatusCode(StatusCodes.Status204NoContent);   // a browser that gets 204 does not come again

        using (seat)
        using (var end = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, lifetime.ApplicationStopping))
        {
            end.CancelAfter(longest);
            context.Response.ContentType = "text/event-stream";
            context.Response.Headers.CacheControl = "no-store";
            context.Response.Headers["X-Accel-Buffering"] = "no";
            try
            {
                await context.Response.WriteAsync("retry: 3000\n\n", end.Token);
                await context.Response.Body.FlushAsync(end.Token);
                var events = product is { } productId ? StockEvents(productId, visit, stock, end.Token) : OrderEvents(order!.Value, shop, clock, end.Token);
                await foreach (var text in events)
                {
                    await context.Response.WriteAsync(text, end.Token);
                    await context.Response.Body.FlushAsync(end.Token);
                }
            }
            catch (OperationCanceledException)
            {
                // The browser has left, or comes again.
            }
        }
        return TypedResults.Empty;
    }

    static async IAsyncEnumerable<string> StockEvents(Guid productId, Visit visit, LiveStock stock, [EnumeratorCancellation] CancellationToken end)
    {
        await foreach (var available in stock.FollowAsync(productId, aliveEvery, end))
        {
            yield return available is { } units ? $"event: stock\ndata: {units}|{Kind(units)}|{Words(units, visit.Texts)}\n\n" : ": still here\n\n";
        }
    }

    static async IAsyncEnumerable<string> OrderEvents(Guid orderId, ShopApi shop, TimeProvider clock, [EnumeratorCancellation] CancellationToken end)
    {
        string? before = null;
        while (!end.IsCancellationRequested)
        {
            if ((await shop.OrderStateAsync(orderId)).Value is { } order)
            {
                var state = $"{order.Status} {order.PaymentStatus} {order.Shipping.TrackingNumber}";
                if (before is not null && state != before) yield return $"event: changed\ndata: {order.Status}\n\n";
                before = state;
            }
            yield return ": still here\n\n";
            await Task.Delay(orderEvery, clock, end);
        }
    }

    static string Kind(int units) => units == 0 ? "bad" : units <= 5 ? "warn" : "good";

    static string Words(int units, Texts texts) => units == 0 ? texts["stock.none"] : units <= 5 ? texts.Count("stock.few", units) : texts["stock.there"];
}
