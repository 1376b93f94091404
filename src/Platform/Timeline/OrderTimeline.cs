using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Contracts.Orders;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;

namespace Rosa.Platform.Timeline;

/// <summary>A service's part of what happened to an order: <c>GET /internal/orders/{orderId}/timeline</c>, for Orders.</summary>
public static class OrderTimeline
{
    const int Most = 1_000;

    /// <summary>Answers with the rows of one query.</summary>
    /// <param name="sql">Selects <c>at</c>, <c>kind</c>, <c>what</c> and <c>trace_id</c> (text, may be null) of the order <c>$1</c>.</param>
    public static void MapOrderTimeline(this WebApplication app, string sql) =>
        app.MapGet("/internal/orders/{orderId:guid}/timeline", (Guid orderId, NpgsqlDataSource source, Service service, CancellationToken cancellationToken) =>
                ReadAsync(orderId, sql, service.Name, source, cancellationToken))
            .For(Access.Service).WithTags("Internal").WithName("OrderTimelinePart").WithSummary("What happened here to an order");

    /// <summary>The rows of the query, oldest first.</summary>
    public static async Task<Ok<TimelinePart>> ReadAsync(Guid orderId, string sql, string service, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand($"select at, kind, what, trace_id from ({sql}) entry where at is not null order by at limit {Most}");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = orderId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var entries = new List<TimelineEntry>();
        while (await reader.ReadAsync(cancellationToken))
            entries.Add(new TimelineEntry(new DateTimeOffset(reader.GetDateTime(0)), service, reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetString(3)));
        return TypedResults.Ok(new TimelinePart(entries));
    }
}
