using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Resilience;

namespace Rosa.Platform.Messaging;

/// <summary>
/// Hands the outbox over to the transport, in order, and deletes what the transport has. After a crash it goes on where it
/// stopped; what was handed over and not yet deleted goes a second time, and the inbox makes that harmless.
/// </summary>
/// <remarks>
/// One instance relays at a time (a session lock in the database), so that order is kept. It is woken by its own
/// process's commits and by <c>NOTIFY outbox</c> from other instances; it polls only for what a crash left behind.
/// </remarks>
public sealed partial class OutboxRelay(ServiceDatabase database, IEventTransport transport, ILogger<OutboxRelay> logger) : BackgroundService
{
    const int BatchSize = 500;
    const long LeaderKey = 0x4F7574626F78;   // "Outbox"
    static readonly TimeSpan pollEvery = TimeSpan.FromSeconds(5);

    /// <summary>In a silence so long a batch without events says that all before it are complete: to a queue that did not yet exist when they were.</summary>
    static readonly TimeSpan markEvery = TimeSpan.FromSeconds(30);
    static readonly TimeSpan[] pauses = [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)];

    /// <summary>What is told within this time goes together: under load a hundred events cost little more than one.</summary>
    static readonly TimeSpan gatherFor = TimeSpan.FromMilliseconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var failures = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.Source.OpenConnectionAsync(stoppingToken);
                if (!await TryLeadAsync(connection, stoppingToken))
                {
                    await FollowAsync(connection, stoppingToken);
                    continue;
                }
                try
                {
                    await LeadAsync(connection, () => failures = 0, stoppingToken);
                }
                finally
                {
                    await ResignAsync(connection);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                var pause = pauses[Math.Min(failures++, pauses.Length - 1)];
                Log.Interrupted(logger, pause, exception.Message);
                await Task.Delay(pause, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Relays what is there now. Returns how many events went.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await RelayBatchAsync(connection, begunUpTo: long.MaxValue, cancellationToken);
    }

    async Task LeadAsync(NpgsqlConnection connection, Action relayed, CancellationToken cancellationToken)
    {
        connection.Notification += (_, _) => database.OutboxSignal.Wake();
        await ExecuteAsync(connection, "listen outbox", cancellationToken);
        // Whoever led before may have handed over a part of what is there now, and not the rest.
        var begunUpTo = await LastPositionAsync(connection, cancellationToken);
        var markedAt = long.MinValue / 2;
        while (true)
        {
            var sent = 0;
            do
            {
                sent = await RelayBatchAsync(connection, begunUpTo, cancellationToken);
                if (sent > 0) markedAt = Environment.TickCount64;
            }
            while (sent == BatchSize);
            if (sent == 0 && Environment.TickCount64 - markedAt > markEvery.TotalMilliseconds)
            {
                await MarkAsync(connection, cancellationToken);
                markedAt = Environment.TickCount64;
            }
            relayed();

            // Waiting on the connection hears other instances; the signal hears our own.
            using var heard = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            var listening = connection.WaitAsync(heard.Token);
            try
            {
                await database.OutboxSignal.WaitAsync(pollEvery, cancellationToken);
                await Task.Delay(gatherFor, cancellationToken);
            }
            finally
            {
                // Also when this service stops: a connection that still listens cannot be given back. If it broke, the next batch says so.
                await heard.CancelAsync();
                await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    /// <summary>Another instance leads: tell it of our commits, and try to take over from time to time.</summary>
    async Task FollowAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var takeOverAt = Environment.TickCount64 + (long)pollEvery.TotalMilliseconds;
        while (Environment.TickCount64 < takeOverAt)
        {
            await database.OutboxSignal.WaitAsync(pollEvery, cancellationToken);
            await ExecuteAsync(connection, "notify outbox", cancellationToken);
        }
    }

    /// <param name="begunUpTo">Up to this position events may have been handed over in a batch that was never finished.</param>
    async Task<int> RelayBatchAsync(NpgsqlConnection connection, long begunUpTo, CancellationToken cancellationToken)
    {
        var events = new List<EventMessage>();
        var positions = new List<long>();
        var batch = 0L;
        // Only the leader's session reads, one batch after the other, so that a batch with a higher number also saw more. The number is drawn when there is a row.
        await using (var read = new NpgsqlCommand(
            "select position, event_id, routing_key, subject, envelope, (select nextval('outbox_batches')) from outbox order by position limit $1", connection))
        {
            read.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
            await using var reader = await read.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                positions.Add(reader.GetInt64(0));
                batch = reader.GetInt64(5);
                events.Add(new EventMessage(reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), positions[^1]));
            }
        }
        if (events.Count == 0) return 0;

        CrashPoint.Here("relay.publish.before");
        await transport.PublishAsync(new EventBatch(batch, events, IsComplete: events.Count < BatchSize || positions[^1] >= begunUpTo), cancellationToken);
        CrashPoint.Here("relay.publish.after");

        await using (var delete = new NpgsqlCommand("delete from outbox where position = any($1)", connection))
        {
            delete.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. positions] });
            await delete.ExecuteNonQueryAsync(cancellationToken);
        }
        CrashPoint.Here("relay.delete.after");
        return events.Count;
    }

    /// <summary>The outbox was found empty, so whatever has a lower number is complete.</summary>
    async Task MarkAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select nextval('outbox_batches')", connection);
        var number = (long)(await command.ExecuteScalarAsync(cancellationToken))!;
        await transport.PublishAsync(new EventBatch(number, [], IsComplete: true), cancellationToken);
    }

    static async Task<long> LastPositionAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("select coalesce(max(position), 0) from outbox", connection);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    static async Task<bool> TryLeadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select pg_try_advisory_lock({LeaderKey})", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    /// <summary>The session goes back to the pool and would keep the lock: nobody would lead until it happened to come to a relay again.</summary>
    static async Task ResignAsync(NpgsqlConnection connection)
    {
        try
        {
            await ExecuteAsync(connection, $"unlisten outbox; select pg_advisory_unlock({LeaderKey})", CancellationToken.None);
        }
        catch (Exception exception) when (exception is NpgsqlException or InvalidOperationException)
        {
            // A session that does not answer is no longer one: the pool throws it away, and with it goes the lock.
        }
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(20, LogLevel.Warning, "The outbox relay was interrupted and goes on in {Pause}: {Reason}")]
        public static partial void Interrupted(ILogger logger, TimeSpan pause, string reason);
    }
}
