using System.Text.Json;
using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Problems;

namespace Rosa.Orders;

/// <summary>An order's event stream, complete and in order, versions from 1 without a gap.</summary>
public sealed record OrderEventList(IReadOnlyList<OrderEventEntry> Events);

public sealed record OrderEventEntry(int Version, string Type, DateTimeOffset At, JsonElement Data);

/// <summary><c>GET /api/orders/{orderId}/events</c>, for employees.</summary>
static class GetOrderEvents
{
    public static async Task<Results<Ok<OrderEventList>, ProblemHttpResult>> Handle(Guid orderId, OrdersDb db, CancellationToken cancellationToken)
    {
        await using var command = db.Source.CreateCommand(
            """
            select version, type, at, data::text from order_events
            where order_id = $1 and exists (select from order_views where order_id = $1)
            order by version
            """);
        command.Parameters.Add(OrdersDb.Id(orderId));
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var events = new List<OrderEventEntry>();
        while (await reader.ReadAsync(cancellationToken))
            events.Add(new OrderEventEntry(reader.GetInt32(0), reader.GetString(1), OrdersDb.Utc(reader.GetDateTime(2)), JsonDocument.Parse(reader.GetString(3)).RootElement));
        return events.Count > 0 ? TypedResults.Ok(new OrderEventList(events)) : Problem.NotFound("order").ToResult();
    }
}
