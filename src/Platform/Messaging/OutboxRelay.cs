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

    /// <summary>What is told within this time goes together: under load a hundred events cost little more than one.</summary>
    static readonly TimeSpan gatherFor = TimeSpan.FromMilliseconds(20);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await using var connection = await database.Source.OpenConnectionAsync(stoppingToken);
                if (await TryLeadAsync(connection, stoppingToken)) await LeadAsync(connection, stoppingToken);
                else await FollowAsync(connection, stoppingToken);
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

    /// <summary>Relays what is there now. Returns how many events went.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.Source.OpenConnectionAsync(cancellationToken);
        return await RelayBatchAsync(connection, cancellationToken);
    }

    async Task LeadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        connection.Notification += (_, _) => database.OutboxSignal.Wake();
        await ExecuteAsync(connection, "listen outbox", cancellationToken);
        while (true)
        {
            while (await RelayBatchAsync(connection, cancellationToken) == BatchSize) { }

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

    async Task<int> RelayBatchAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var events = new List<EventMessage>();
        var positions = new List<long>();
        await using (var read = new NpgsqlCommand(
            "select position, event_id, routing_key, subject, envelope from outbox order by position limit $1", connection))
        {
            read.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
            await using var reader = await read.ExecuteReaderAsync(cancellationToken);
            while (await reader.ReadAsync(cancellationToken))
            {
                positions.Add(reader.GetInt64(0));
                events.Add(new EventMessage(reader.GetGuid(1), reader.GetString(2), reader.GetString(3), reader.GetString(4), positions[^1]));
            }
        }
        if (events.Count == 0) return 0;

        CrashPoint.Here("relay.publish.before");
        await transport.PublishAsync(events, cancellationToken);
        CrashPoint.Here("relay.publish.after");

        await using (var delete = new NpgsqlCommand("delete from outbox where position = any($1)", connection))
        {
            delete.Parameters.Add(new NpgsqlParameter<long[]> { TypedValue = [.. positions] });
            await delete.ExecuteNonQueryAsync(cancellationToken);
        }
        CrashPoint.Here("relay.delete.after");
        return events.Count;
    }

    static async Task<bool> TryLeadAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand($"select pg_try_advisory_lock({LeaderKey})", connection);
        return (bool)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(20, LogLevel.Warning, "The outbox relay was interrupted and goes on in a second: {Reason}")]
        public static partial void Interrupted(ILogger logger, string reason);
    }
}
