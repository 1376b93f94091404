using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Rosa.Notifications.Templates;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Notifications;

/// <summary>
/// Tells something to many: written down as one row with its event, and then turned into a notification each, some hundreds at a time in the order
/// of their ids. A process that dies goes on where it stopped.
/// </summary>
sealed partial class Announce(
    ServiceDatabase database, WriteNotifications write, TimeProvider clock, ILogger<Announce> logger) : BackgroundService
{
    const int BatchSize = 500;
    static readonly TimeSpan pollEvery = TimeSpan.FromSeconds(2);

    readonly OutboxSignal woken = new();

    /// <summary>Writes down that there is something to tell, in the transaction of its event.</summary>
    public async Task WriteAsync(string audience, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "insert into announcements (event_id, event, data, audience, created_at) values ($1, $2, $3, $4, $5) on conflict do nothing", transaction.Connection, transaction.Transaction)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = envelope.Id },
                new NpgsqlParameter<string> { TypedValue = envelope.Type["rosa.".Length..] },
                new NpgsqlParameter<string> { TypedValue = envelope.Data.GetRawText(), NpgsqlDbType = NpgsqlDbType.Jsonb },
                new NpgsqlParameter<string> { TypedValue = audience },
                new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
        woken.Wake();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await RunOnceAsync(stoppingToken)) { }
                await woken.WaitAsync(pollEvery, stoppingToken);
                await Task.Delay(TimeSpan.FromMilliseconds(100), stoppingToken);   // whoever wakes is about to commit
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception)
            {
                Log.Interrupted(logger, exception.Message);
                await Task.Delay(pollEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    sealed record Announcement(Guid EventId, string Event, JsonElement Data, string Audience, Guid ToldUpTo);

    /// <summary>Tells the next hundreds. False when there is nothing to tell.</summary>
    public async Task<bool> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginAsync(cancellationToken);
        if (await ClaimAsync(transaction, cancellationToken) is not { } announcement) return false;

        var recipients = await NextRecipientsAsync(announcement, transaction, cancellationToken);
        if (recipients.Count > 0) await write.ToManyAsync(announcement.EventId, Notices.For(announcement.Event), announcement.Data, recipients, transaction, cancellationToken);
        await MoveOnAsync(announcement, recipients, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return true;
    }

    static async Task<Announcement?> ClaimAsync(DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select event_id, event, data::text, audience, told_up_to from announcements order by created_at limit 1 for update skip locked", transaction.Connection, transaction.Transaction);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? new Announcement(reader.GetGuid(0), reader.GetString(1), JsonDocument.Parse(reader.GetString(2)).RootElement, reader.GetString(3), reader.GetGuid(4))
            : null;
    }

    static async Task<List<Guid>> NextRecipientsAsync(Announcement announcement, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        var audience = announcement.Audience == "staff" ? "role <> 'customer'" : "notifications_enabled";
        await using var command = new NpgsqlCommand(
            $"select user_id from recipients where {audience} and deleted_at is null and user_id > $1 order by user_id limit $2", transaction.Connection, transaction.Transaction);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = announcement.ToldUpTo });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var recipients = new List<Guid>();
        while (await reader.ReadAsync(cancellationToken)) recipients.Add(reader.GetGuid(0));
        return recipients;
    }

    static async Task MoveOnAsync(Announcement announcement, List<Guid> told, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        var isLast = told.Count < BatchSize;
        await using var command = new NpgsqlCommand(
            isLast ? "delete from announcements where event_id = $1" : "update announcements set told_up_to = $2 where event_id = $1", transaction.Connection, transaction.Transaction);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = announcement.EventId });
        if (!isLast) command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = told[^1] });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(164, LogLevel.Warning, "Announcing was interrupted and goes on in some seconds: {Reason}")]
        public static partial void Interrupted(ILogger logger, string reason);
    }
}
