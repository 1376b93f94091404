using System.Text.Json;
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
/// A claim is a lease, and it counts as a try before the message leaves. Only a process that dies between the mail server's
/// answer and the mark sends a mail twice, under the same Message-ID; SMTP can promise no more than that.
/// </remarks>
sealed partial class SendNotifications(
    ServiceDatabase database, Notices notices, IMailer mailer, ISmsSender sms, OneTimeLinks links, IOptions<NotificationsOptions> options, TimeProvider clock, ILogger<SendNotifications> logger) : BackgroundService
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

    /// <param name="UserId">Null while only the order is known.</param>
    /// <param name="Email">Null while the recipient is not known.</param>
    sealed record Claimed(
        Guid NotificationId, string Event, string Channel, string Data, int Attempts, DateTime CreatedAt, Guid? UserId,
        string? Email, string? FirstName, string? Language, string? Phone, bool WantsToHear);

    /// <summary>Sends what is due now, up to a batch. Returns how many were looked at.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var claimed = await ClaimAsync(cancellationToken);
        if (claimed.Count == 0) return 0;
        await notices.RefreshAsync(cancellationToken);
        await Parallel.ForEachAsync(claimed, new ParallelOptions { MaxDegreeOfParallelism = options.Value.Smtp.AtOnce, CancellationToken = cancellationToken }, SendAsync);
        return claimed.Count;
    }

    /// <summary>Takes what is due. What still lacks its recipient is not a try, and is looked at less and less often.</summary>
    async Task<List<Claimed>> ClaimAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            with due as (
              select notification_id, user_id, order_id from notifications
              where outcome = 'PENDING' and due_at <= $2
              order by due_at limit $1
              for update skip locked
            ), told as (
              select notification_id, coalesce(due.user_id,
                (select other.user_id from notifications other where other.order_id = due.order_id and other.user_id is not null limit 1)) as user_id
              from due
            )
            update notifications n
            set attempts = n.attempts + case when r.user_id is null then 0 else 1 end,
                due_at = $2 + case when r.user_id is null then greatest($2 - n.created_at, interval '1 second') else $3 end
            from told left join recipients r on r.user_id = told.user_id
            where n.notification_id = told.notification_id
            returning n.notification_id, n.event, n.channel, n.data::text, n.attempts, n.created_at, told.user_id,
                      r.email, r.first_name, r.language, r.phone, coalesce(r.notifications_enabled, true)
            """);
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = BatchSize });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = lease });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var claimed = new List<Claimed>();
        while (await reader.ReadAsync(cancellationToken))
            claimed.Add(new Claimed(
                reader.GetGuid(0), reader.GetString(1), reader.GetString(2), reader.GetString(3), reader.GetInt32(4), reader.GetDateTime(5),
                reader.IsDBNull(6) ? null : reader.GetGuid(6), Text(reader, 7), Text(reader, 8), Text(reader, 9), Text(reader, 10), reader.GetBoolean(11)));
        return claimed;

        static string? Text(NpgsqlDataReader reader, int column) => reader.IsDBNull(column) ? null : reader.GetString(column);
    }

    async ValueTask SendAsync(Claimed claimed, CancellationToken cancellationToken)
    {
        if (claimed is not { UserId: { } userId, Email: { } email, FirstName: { } firstName, Language: { } language })
        {
            if (clock.GetUtcNow() - claimed.CreatedAt > options.Value.RecipientWait) await FailAsync(claimed, "The recipient never became known.", tryAgainIn: null);
            return;
        }

        Told told;
        try
        {
            var notice = Notices.For(claimed.Event);
            told = await TellAsync(claimed, notice, userId, email, firstName, language, wanted: notice.Required || claimed.WantsToHear, cancellationToken);
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            await FailAsync(claimed, exception.Message, Delivery.WaitAfterFailure(claimed.Attempts));
            return;
        }

        // It has left: the mark is written even while the process stops.
        await MarkAsync(claimed, userId, language, told);
    }

    /// <param name="Text">What is shown in the shop; null on other channels.</param>
    sealed record Told(string Outcome, string Subject, string? Text = null);

    async Task<Told> TellAsync(Claimed claimed, Notice notice, Guid userId, string email, string firstName, string language, bool wanted, CancellationToken cancellationToken)
    {
        var template = notices.Template(notice, claimed.Channel, language).Template;
        using var data = JsonDocument.Parse(claimed.Data);
        var values = notice.Values(notice.Read(data.RootElement), language, notices.Shop);
        switch (claimed.Channel)
        {
            case Channel.Email:
                values["customer.firstName"] = firstName;
                var sends = mailer.Sends && wanted;
                if (sends && notice.LinkPurpose is { } purpose && template.Names.Contains(Notice.Link))
                    values[Notice.Link] = Value.Link(await links.MakeAsync(userId, purpose, cancellationToken));
                var message = template.Write(values, language);
                if (sends) await mailer.SendAsync(new Mail(claimed.NotificationId, email, message), cancellationToken);
                return new Told(sends ? "SENT" : "LOGGED", message.Subject);

            case Channel.Sms:
                var (_, text) = template.WriteText(values);
                if (!sms.Sends || !wanted || claimed.Phone is not { } phone) return new Told("LOGGED", text);
                await sms.SendAsync(new Sms(claimed.NotificationId, phone, text), cancellationToken);
                return new Told("SENT", text);

            default:
                var shown = template.WriteText(values);
                return new Told(wanted ? "SENT" : "LOGGED", shown.Subject, shown.Text);
        }
    }

    async Task MarkAsync(Claimed claimed, Guid userId, string language, Told told)
    {
        await using var command = database.Source.CreateCommand(
            """
            update notifications set user_id = $2, outcome = $3, language = $4, subject = $5, text = $6, sent_at = $7, data = null, due_at = null, error = null
            where notification_id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = claimed.NotificationId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = userId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = told.Outcome });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = language });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = told.Subject });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)told.Text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text });
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
