using System.Diagnostics;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using NpgsqlTypes;
using Rosa.Platform.Database;
using Rosa.Platform.Hosting;
using Rosa.Platform.Resilience;
using Rosa.Platform.Telemetry;

namespace Rosa.Platform.Messaging;

/// <summary>
/// Receives events into the inbox and handles each once: the handler's effect and the mark that it was handled commit together.
/// A failure waits 1 s, 5 s, 30 s, 5 min and is then parked; events of one subject are handled in order.
/// </summary>
public sealed partial class InboxWorker(
    ServiceDatabase database, EventHandlers handlers, IServiceProvider services, Service service, TimeProvider clock, ILogger<InboxWorker> logger) : BackgroundService
{
    const int BatchSize = 50;
    static readonly TimeSpan pollEvery = TimeSpan.FromSeconds(1);

    /// <summary>What arrives within this time is handled in one transaction.</summary>
    static readonly TimeSpan gatherFor = TimeSpan.FromMilliseconds(20);
    static readonly ActivitySource activities = new("Rosa.Messaging");

    readonly OutboxSignal received = new();

    /// <summary>Stores events durably; the transport calls this. Known ones are left alone.</summary>
    public async Task ReceiveAsync(IReadOnlyList<EventMessage> events, CancellationToken cancellationToken)
    {
        CrashPoint.Here("inbox.receive.before");
        await using var command = database.Source.CreateCommand(
            """
            insert into inbox (event_id, routing_key, subject, envelope)
            select * from unnest($1::uuid[], $2::text[], $3::text[], $4::text[])
            on conflict (event_id) do nothing
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. events.Select(e => e.EventId)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. events.Select(e => e.RoutingKey)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. events.Select(e => e.Subject)] });
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = [.. events.Select(e => e.Envelope)] });
        await command.ExecuteNonQueryAsync(cancellationToken);
        CrashPoint.Here("inbox.receive.after");
        Wake();
    }

    /// <summary>Says that there is something new in the inbox.</summary>
    public void Wake() => received.Wake();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await RunOnceAsync(stoppingToken) > 0) { }
                await received.WaitAsync(pollEvery, stoppingToken);
                await Task.Delay(gatherFor, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.Interrupted(logger, exception.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    sealed record Waiting(Guid EventId, string RoutingKey, string Envelope, int Attempts);

    /// <summary>Handles what is due now, up to a batch. Returns how many were handled or failed.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await HandleBatchAsync(eachApart: false, cancellationToken);
        }
        catch (Exception) when (!cancellationToken.IsCancellationRequested)
        {
            // Nothing of the batch happened. Behind a savepoint each, the event that cannot be handled fails alone.
            return await HandleBatchAsync(eachApart: true, cancellationToken);
        }
    }

    async Task<int> HandleBatchAsync(bool eachApart, CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginAsync(cancellationToken);
        var due = await ClaimAsync(transaction, cancellationToken);
        var handled = new List<Guid>();
        foreach (var waiting in due)
        {
            if (eachApart) await transaction.Transaction.SaveAsync("event", cancellationToken);
            try
            {
                CrashPoint.Here("inbox.handle.before");
                await HandleAsync(waiting, transaction, cancellationToken);
                CrashPoint.Here("inbox.handle.after");
                handled.Add(waiting.EventId);
            }
            catch (Exception exception) when (eachApart && !cancellationToken.IsCancellationRequested && transaction.Connection.State == System.Data.ConnectionState.Open)
            {
                await transaction.Transaction.RollbackAsync("event", cancellationToken);
                await PostponeAsync(transaction, waiting, exception, cancellationToken);
            }
        }
        if (handled.Count > 0) await MarkHandledAsync(transaction, handled, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (handled.Count > 0) CrashPoint.Here("inbox.commit.after");
        return due.Count;
    }

    /// <summary>The oldest unhandled event of each subject, when it is due; locked until this transaction ends.</summary>
    /// <remarks>Two index lookups an event whatever the backlog and the statistics: as an anti-join, ten thousand waiting events took seconds a batch.</remarks>
    static async Task<List<Waiting>> ClaimAsync(DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            select event_id, routing_key, envelope, attempts
            from inbox waiting
            where handled_at is null and parked_at is null and due_at <= now()
              and position = (
                select min(position) from inbox earlier
                where earlier.subject = waiting.subject and earlier.handled_at is null and earlier.parked_at is null)
            order by position
            limit $1
            for update skip locked
            """, transaction.Connection, transaction.Transaction);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var due = new List<Waiting>();
        while (await reader.ReadAsync(cancellationToken)) due.Add(new Waiting(reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3)));
        return due;
    }

    async Task HandleAsync(Waiting waiting, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        var envelope = JsonSerializer.Deserialize<EventEnvelope>(waiting.Envelope, EventEnvelope.Json)!;
        using var activity = activities.StartActivity($"handle {waiting.RoutingKey}", ActivityKind.Consumer, envelope.Traceparent);
        Tracing.Own(activity, service.Name);
        Correlation.Current = envelope.Correlationid;
        await handlers.HandleAsync(services, waiting.RoutingKey, envelope, transaction, cancellationToken);
    }

    async Task PostponeAsync(DatabaseTransaction transaction, Waiting waiting, Exception exception, CancellationToken cancellationToken)
    {
        var failures = waiting.Attempts + 1;
        var wait = Delivery.WaitAfterFailure(failures);
        if (wait is null) Log.Parked(logger, waiting.RoutingKey, waiting.EventId, exception);
        else Log.Failed(logger, waiting.RoutingKey, waiting.EventId, wait.Value, exception.Message);

        await using var command = new NpgsqlCommand(
            "update inbox set attempts = $2, error = $3, due_at = coalesce($4, due_at), parked_at = case when $4 is null then now() end where event_id = $1",
            transaction.Connection, transaction.Transaction);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = waiting.EventId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = failures });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = exception.Message });
        command.Parameters.Add(new NpgsqlParameter { Value = wait is { } later ? (clock.GetUtcNow() + later).UtcDateTime : DBNull.Value, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static async Task MarkHandledAsync(DatabaseTransaction transaction, List<Guid> handled, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "update inbox set handled_at = now(), envelope = null where event_id = any($1)", transaction.Connection, transaction.Transaction);
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. handled] });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(30, LogLevel.Warning, "The inbox was interrupted and goes on in a second: {Reason}")]
        public static partial void Interrupted(ILogger logger, string reason);

        [LoggerMessage(31, LogLevel.Warning, "{RoutingKey} {EventId} could not be handled and is tried again in {Wait}: {Reason}")]
        public static partial void Failed(ILogger logger, string routingKey, Guid eventId, TimeSpan wait, string reason);

        [LoggerMessage(32, LogLevel.Error, "{RoutingKey} {EventId} was parked after its last try")]
        public static partial void Parked(ILogger logger, string routingKey, Guid eventId, Exception exception);
    }
}
