using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;

namespace Rosa.Payments;

/// <param name="TransactionId">What the event is about, as far as it says it.</param>
/// <param name="IsKnown">False when no payment here has that id: somebody has to find out whose it is.</param>
public sealed record ProviderEventView(string Provider, string EventId, string Type, Guid? TransactionId, bool IsKnown, DateTimeOffset ReceivedAt);

public sealed record ProviderEventList(IReadOnlyList<ProviderEventView> Events, long Total, int Page, int Limit);

/// <summary>What the provider told by webhook, newest first; only what is about no payment of ours, when asked for it.</summary>
static class ListProviderEvents
{
    public static async Task<Ok<ProviderEventList>> Handle(
        ServiceDatabase database, CancellationToken cancellationToken, bool unknown = false, [Range(1, int.MaxValue)] int page = 1, [Range(1, 100)] int limit = 20)
    {
        var where = unknown ? "where not is_known" : "";
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(new($"select count(*) from provider_events {where}"));
        batch.BatchCommands.Add(new(
            $"""
            select provider, event_id, type, payment_id, is_known, received_at
            from provider_events {where}
            order by received_at desc, event_id
            offset $1 limit $2
            """)
        { Parameters = { new NpgsqlParameter<long> { TypedValue = (page - 1L) * limit }, new NpgsqlParameter<int> { TypedValue = limit } } });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var total = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        var events = new List<ProviderEventView>();
        while (await reader.ReadAsync(cancellationToken))
        {
            events.Add(new ProviderEventView(
                reader.GetString(0), reader.GetString(1), reader.GetString(2), reader.IsDBNull(3) ? null : reader.GetGuid(3), reader.GetBoolean(4), new DateTimeOffset(reader.GetDateTime(5))));
        }
        return TypedResults.Ok(new ProviderEventList(events, total, page, limit));
    }
}
