using System.Net.Http.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Polly.CircuitBreaker;
using Rosa.Contracts.Orders;
using Rosa.Platform.Problems;
using Rosa.Platform.Resilience;
using Rosa.Platform.Timeline;

namespace Rosa.Orders;

/// <summary>Everything that ever happened to an order, in every service, oldest first.</summary>
/// <param name="Unavailable">Services that did not answer: what happened there is missing.</param>
public sealed record OrderStory(Guid OrderId, IReadOnlyList<TimelineEntry> Entries, IReadOnlyList<string> Unavailable);

/// <summary><c>GET /api/orders/{orderId}/timeline</c>, for employees: explains an order.</summary>
static class GetTimeline
{
    static readonly string[] others = ["catalog", "promotions", "payments", "notifications"];
    static readonly TimeSpan within = TimeSpan.FromSeconds(3);

    public static async Task<Results<Ok<OrderStory>, ProblemHttpResult>> Handle(Guid orderId, OrdersDb db, ServiceHttp http, CancellationToken cancellationToken)
    {
        var own = (await OrderTimeline.ReadAsync(orderId,
            """
            select at, 'event' as kind, type || coalesce(': ' || coalesce(data ->> 'code', data ->> 'trackingNumber', data ->> 'amount', data ->> 'discount'), '') as what, trace_id
            from order_events where order_id = $1
            union all
            select at, 'trouble', step || ': ' || trouble, trace_id from checkout_troubles where order_id = $1
            """, "orders", db.Source, cancellationToken)).Value!.Entries;
        if (own.Count == 0) return Problem.NotFound("order").ToResult();

        var parts = await Task.WhenAll(others.Select(async service => (Service: service, Entries: await AskAsync(service, orderId, http, cancellationToken))));
        return TypedResults.Ok(new OrderStory(
            orderId, [.. own.Concat(parts.SelectMany(part => part.Entries ?? [])).OrderBy(entry => entry.At)],
            [.. parts.Where(part => part.Entries is null).Select(part => part.Service)]));
    }

    /// <summary>Null when the service does not answer.</summary>
    static async Task<IReadOnlyList<TimelineEntry>?> AskAsync(string service, Guid orderId, ServiceHttp http, CancellationToken cancellationToken)
    {
        try
        {
            using var response = await http.SendAsync(service, HttpMethod.Get, $"/internal/orders/{orderId}/timeline", body: null, within, cancellationToken);
            response.EnsureSuccessStatusCode();
            return (await response.Content.ReadFromJsonAsync(OrdersJson.Default.TimelinePart, cancellationToken))!.Entries;
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or BrokenCircuitException or InvalidOperationException)
        {
            return null;
        }
    }
}
