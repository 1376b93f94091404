using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Resilience;

namespace Rosa.Platform.Messaging.RabbitMq;

/// <summary>
/// Puts what came through several queues into the order in which it happened.
/// </summary>
/// <remarks>
/// A queue keeps its order, but a service has one for each kind of event, and each may be consumed by another instance: <c>OrderShipped</c> can arrive before
/// the <c>OrderCreated</c> of the same order. So the sender ends each batch with its number, in every queue that has its events. What arrives waits
/// in <c>arrivals</c> until each of the service's queues from that sender has come to the end of its batch; then all that happened before it has arrived
/// as well, and goes into the inbox in the sender's order. Both are in the database, where all instances see them.
/// </remarks>
sealed class Arrivals(ServiceDatabase database, InboxWorker inbox)
{
    /// <summary>Releasing is one at a time, so that what is released later also comes later in the inbox.</summary>
    const long ReleaseKey = 0x4172726976616C73;   // "Arrivals"

    /// <param name="Key">Which of the service's queues it came through.</param>
    /// <param name="Event">Null for the end of a batch.</param>
    public sealed record Arrival(string Key, long Batch, EventMessage? Event);

    /// <summary>Stores durably what came; what is known already changes nothing.</summary>
    /// <param name="keys">All that this service listens to.</param>
    public async Task StoreAsync(IReadOnlyList<Arrival> arrived, IReadOnlyCollection<string> keys, CancellationToken cancellationToken)
    {
        CrashPoint.Here("inbox.receive.before");
        var ends = arrived.Where(arrival => arrival.Event is null).ToList();
        await using var batch = database.Source.CreateBatch();   // one transaction, whose statements see what others committed meanwhile
        if (ends.Count > 0) batch.BatchCommands.Add(new NpgsqlBatchCommand("select pg_advisory_xact_lock($1)") { Parameters = { Value(ReleaseKey) } });
        batch.BatchCommands.Add(Keep([.. arrived.Where(arrival => arrival.Event is not null)]));
        if (ends.Count > 0)
        {
            batch.BatchCommands.Add(Mark([.. ends.GroupBy(end => end.Key).Select(queue => (queue.Key, queue.Max(end => end.Batch)))]));
            batch.BatchCommands.Add(Release([.. keys]));
        }
        await batch.ExecuteNonQueryAsync(cancellationToken);
        CrashPoint.Here("inbox.receive.after");
        if (ends.Count > 0) inbox.Wake();
    }

    static NpgsqlBatchCommand Keep(IReadOnlyList<Arrival> events) => new(
        """
        insert into arrivals (event_id, source, batch, position, routing_key, subject, envelope)
        select * from unnest($1::uuid[], $2::text[], $3::bigint[], $4::bigint[], $5::text[], $6::text[], $7::text[])
        on conflict (event_id) do nothing
        """)
    {
        Parameters =
        {
            Value(events.Select(arrival => arrival.Event!.EventId).ToArray()),
            Value(events.Select(arrival => Topology.Source(arrival.Key)).ToArray()),
            Value(events.Select(arrival => arrival.Batch).ToArray()),
            Value(events.Select(arrival => arrival.Event!.Position).ToArray()),
            Value(events.Select(arrival => arrival.Key).ToArray()),
            Value(events.Select(arrival => arrival.Event!.Subject).ToArray()),
            Value(events.Select(arrival => arrival.Event!.Envelope).ToArray()),
        },
    };

    static NpgsqlBatchCommand Mark(IReadOnlyList<(string Key, long Batch)> ends) => new(
        """
        insert into arrival_marks as mark (routing_key, batch)
        select * from unnest($1::text[], $2::bigint[])
        on conflict (routing_key) do update set batch = greatest(mark.batch, excluded.batch)
        """)
    {
        Parameters = { Value(ends.Select(end => end.Key).ToArray()), Value(ends.Select(end => end.Batch).ToArray()) },
    };

    static NpgsqlBatchCommand Release(string[] keys) => new(
        """
        with complete as (
          select source, min(coalesce(mark.batch, 0)) as batch
          from unnest($1::text[], $2::text[]) heard(source, routing_key)
          left join arrival_marks mark using (routing_key)
          group by source),
        released as (
          delete from arrivals using complete
          where arrivals.source = complete.source and arrivals.batch <= complete.batch
          returning arrivals.*)
        insert into inbox (event_id, routing_key, subject, envelope)
        select event_id, routing_key, subject, envelope from released order by position
        on conflict (event_id) do nothing
        """)
    {
        Parameters = { Value(keys.Select(Topology.Source).ToArray()), Value(keys) },
    };

    static NpgsqlParameter<T> Value<T>(T value) => new() { TypedValue = value };
}
