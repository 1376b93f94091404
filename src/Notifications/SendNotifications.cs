using Microsoft.Extensions.Options;
using Npgsql;
using NpgsqlTypes;
using Rosa.Notifications.Templates;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Notifications;

/// <summary>
/// Sends what is due: claim, send, mark. A failure waits 1 s, 5 s, 30 s, 5 min and is then <c>FAILED</c>.
/// </summary>
/// <remarks>
/// A claim is a lease, and it counts as a try before the mail leaves. Only a process that dies between the mail server's
/// answer and the mark sends a mail twice, under the same Message-ID; SMTP can promise no more than that.
/// </remarks>
sealed partial class SendNotifications(
    ServiceDatabase database, IMailer mailer, IOptions<NotificationsOptions> options, TimeProvider clock, ILogger<SendNotifications> logger) : BackgroundService
{
    const int BatchSize = 20;
    static readonly TimeSpan pollEvery = TimeSpan.FromSeconds(1);

    // Whoever wakes is about to commit; this is how long a commit is given, and what arrives meanwhile goes in the same batch.
    static readonly TimeSpan gatherFor = TimeSpan.FromMilliseconds(100);

    readonly OutboxSignal woken = new();

    // Longer than a whole batch can take when every mail runs into its timeout.
    readonly TimeSpan lease = options.Value.Smtp.Timeout * (BatchSize / options.Value.Smtp.AtOnce + 1) + TimeSpan.FromSeconds(30);

    /// <summary>There is, or in a moment will be, something to send.</summary>
    public void Wake() => woken.Wake();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await RunOnceAsync(stoppingToken) == BatchSize) { }
                await woken.WaitAsync(pollEvery, stoppingToken);
                await Task.Delay(gatherFor, stoppingToken);
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

    /// <param name="Email">Null while the recipient is not known.</param>
    sealed record Claimed(Guid NotificationId, string Event, string Data, int Attempts, DateTime CreatedAt, string? Email, string? FirstName, string? Language, bool WantsMail);

    /// <summary>Sends what is due now, up to a batch. Returns how many were looked at.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var claimed = await ClaimAsync(cancellationToken);
        await Parallel.ForEachAsync(claimed, new ParallelOptions { MaxDegreeOfParallelism = options.Value.Smtp.AtOnce, CancellationToken = cancellationToken }, SendAsync);
        return claimed.Count;
    }

    /// <summary>Takes what is due. What still lacks its recipient is not a try, and is looked at less and less often.</summary>
    async Task<List<Claimed>> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            with due as (
              select notification_id, user_id from notifications
              where outcome = 'PENDING' and due_at <= $2
              order by due_at limit $1
              for update skip locked)
            update notifications n
            set attempts = n.attempts + case when r.user_id is null then 0 else 1 end,
                due_at = $2 + case when r.user_id is null then greatest($2 - n.created_at, interval '1 second') else $3 end
            from due left join recipients r on r.user_id = due.user_id
            where n.notification_id = due.notification_id
            returning n.notification_id, n.event, n.data::text, n.attempts, n.created_at, r.email, r.first_name, r.language, coalesce(r.notifications_enabled, true)
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = lease });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var claimed = new List<Claimed>();
        while (await reader.ReadAsync(cancellationToken))
            claimed.Add(new Claimed(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetInt32(3), reader.GetDateTime(4),
                reader.IsDBNull(5) ? null : reader.GetString(5), reader.IsDBNull(6) ? null : reader.GetString(6),
                reader.IsDBNull(7) ? null : reader.GetString(7), reader.GetBoolean(8)));
        return claimed;
    }

    async ValueTask SendAsync(Claimed claimed, CancellationToken cancellationToken)
    {
        if (claimed is not { Email: { } email, FirstName: { } firstName, Language: { } language })
        {
            if (clock.GetUtcNow() - claimed.CreatedAt > options.Value.RecipientWait) await FailAsync(claimed, "The recipient never became known.", tryAgainIn: null);
            return;
        }

        MailContent content;
        bool sends;
        try
        {
            var template = MailTemplate.For(claimed.Event);
            content = template.Write(claimed.Data, firstName, language);
            sends = mailer.Sends && (template.Required || claimed.WantsMail);
            if (sends) await mailer.SendAsync(new Mail(claimed.NotificationId, email, content), cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            await FailAsync(claimed, exception.Message, Delivery.WaitAfterFailure(claimed.Attempts));
            return;
        }

        // The mail has left: the mark is written even while the process stops.
        await MarkAsync(claimed, language, content.Subject, outcome: sends ? "SENT" : "LOGGED");
    }

    async Task MarkAsync(Claimed claimed, string language, string subject, string outcome)
    {
        await using var command = database.Source.CreateCommand(
            """
            update notifications set outcome = $2, language = $3, subject = $4, sent_at = $5, data = null, due_at = null, error = null
            where notification_id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = claimed.NotificationId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = outcome });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = language });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = subject });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    async Task FailAsync(Claimed claimed, string reason, TimeSpan? tryAgainIn)
    {
        if (tryAgainIn is { } wait) Log.Failed(logger, claimed.NotificationId, wait, reason);
        else Log.GivenUp(logger, claimed.NotificationId, reason);

        await using var command = database.Source.CreateCommand(
            """
            update notifications set error = $2, due_at = $3, outcome = case when $3 is null then 'FAILED' else 'PENDING' end
            where notification_id = $1 and outcome = 'PENDING'
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = claimed.NotificationId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = reason });
        command.Parameters.Add(new NpgsqlParameter
        {
            Value = tryAgainIn is { } later ? (clock.GetUtcNow() + later).UtcDateTime : DBNull.Value,
            NpgsqlDbType = NpgsqlDbType.TimestampTz,
        });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    static partial class Log
    {
        [LoggerMessage(160, LogLevel.Warning, "Sending notifications was interrupted and goes on in a second: {Reason}")]
        public static partial void Interrupted(ILogger logger, string reason);

        [LoggerMessage(161, LogLevel.Warning, "Notification {NotificationId} could not be sent and is tried again in {Wait}: {Reason}")]
        public static partial void Failed(ILogger logger, Guid notificationId, TimeSpan wait, string reason);

        [LoggerMessage(162, LogLevel.Error, "Notification {NotificationId} has failed for good: {Reason}")]
        public static partial void GivenUp(ILogger logger, Guid notificationId, string reason);
    }
}
