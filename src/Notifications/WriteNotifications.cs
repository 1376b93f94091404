using System.Text.Json;
using Npgsql;
using NpgsqlTypes;
using Rosa.Notifications.Templates;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Notifications;

/// <summary>One channel of a notice, in both languages: the database takes the one of the recipient, whom it knows.</summary>
/// <param name="Sends">Whether something leaves the shop on this channel.</param>
sealed record Way(string Channel, bool Sends, (string Subject, string Text) French, (string Subject, string Text) English);

/// <summary>
/// Writes notifications down in the transaction of their event: to be sent, or, where nothing is sent at all, as told. What leaves the shop is
/// written by <see cref="SendNotifications"/>, which also waits for a recipient who is not known yet: events of different subjects arrive in any order.
/// </summary>
sealed class WriteNotifications(Notices notices, IMailer mailer, ISmsSender sms, SendNotifications sender, TimeProvider clock)
{
    static readonly string toTheOne = Insert(userId: "$3", unless: "false");

    /// <summary>The one whom other events of the order named; nobody yet, when there is none. $3 is null.</summary>
    static readonly string toTheOneOfTheOrder = Insert(
        userId: "coalesce($3, (select user_id from notifications where order_id = $4 and user_id is not null order by notification_id desc limit 1))",
        unless: "exists (select from notifications told where told.event_id = $1 and told.channel = way.channel)");

    static string Insert(string userId, string unless) =>
        $"""
        insert into notifications (notification_id, event_id, event, channel, user_id, order_id, language, subject, text, outcome, data, created_at, due_at, sent_at)
        select notification_id, $1, $2, channel, user_id, $4, language, subject, case when channel = 'in-app' and outcome = 'SENT' then text end, outcome,
               case when outcome = 'PENDING' then $6 end, $5, case when outcome = 'PENDING' then $5 end, case when outcome <> 'PENDING' then $5 end
        from (
          select way.notification_id, way.channel, person.user_id, coalesce(recipient.language, 'fr') as language,
                 case recipient.language when 'en' then way.english_subject else way.french_subject end as subject,
                 case recipient.language when 'en' then way.english_text else way.french_text end as text,
                 case when recipient.user_id is null then 'PENDING'
                      when way.channel = 'in-app' then 'SENT'
                      when not way.sends or not ($7 or recipient.notifications_enabled) or (way.channel = 'sms' and recipient.phone is null) then 'LOGGED'
                      else 'PENDING' end as outcome
          from (select {userId} as user_id) person
          left join recipients recipient on recipient.user_id = person.user_id
          cross join unnest($8, $9, $10, $11, $12, $13, $14)
            as way (notification_id, channel, sends, french_subject, french_text, english_subject, english_text)
          where recipient.deleted_at is null and ($7 or way.channel <> 'in-app' or coalesce(recipient.notifications_enabled, true)) and not {unless}) told
        on conflict (event_id, user_id, channel) do nothing
        """;

    /// <summary>To the one whom the event concerns: a row a channel, in one statement.</summary>
    public async Task ToOneAsync(EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        var notice = Notices.For(envelope.Type["rosa.".Length..]);
        await notices.RefreshAsync(cancellationToken);
        var happened = notice.Read(envelope.Data);
        var ways = WaysOf(notice, happened);
        var concerned = notice.Concerns(happened);
        var now = clock.GetUtcNow();
        await using var command = new NpgsqlCommand(concerned.UserId is null ? toTheOneOfTheOrder : toTheOne, transaction.Connection, transaction.Transaction)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = envelope.Id },
                new NpgsqlParameter<string> { TypedValue = notice.Event },
                new NpgsqlParameter { Value = (object?)concerned.UserId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                new NpgsqlParameter { Value = (object?)concerned.OrderId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid },
                new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime },
                new NpgsqlParameter<string> { TypedValue = envelope.Data.GetRawText(), NpgsqlDbType = NpgsqlDbType.Jsonb },
                new NpgsqlParameter<bool> { TypedValue = notice.Required },
                new NpgsqlParameter<Guid[]> { TypedValue = [.. ways.Select(_ => Guid.CreateVersion7(now))] },
                new NpgsqlParameter<string[]> { TypedValue = [.. ways.Select(way => way.Channel)] },
                new NpgsqlParameter<bool[]> { TypedValue = [.. ways.Select(way => way.Sends)] },
                new NpgsqlParameter<string[]> { TypedValue = [.. ways.Select(way => way.French.Subject)] },
                new NpgsqlParameter<string[]> { TypedValue = [.. ways.Select(way => way.French.Text)] },
                new NpgsqlParameter<string[]> { TypedValue = [.. ways.Select(way => way.English.Subject)] },
                new NpgsqlParameter<string[]> { TypedValue = [.. ways.Select(way => way.English.Text)] },
            },
        };
        await command.ExecuteNonQueryAsync(cancellationToken);
        if (ways.Exists(way => way.Sends)) sender.Wake();
    }

    /// <summary>To many known recipients at once.</summary>
    public async Task ToManyAsync(Guid eventId, Notice notice, JsonElement data, List<Guid> recipients, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        await notices.RefreshAsync(cancellationToken);
        var ways = WaysOf(notice, notice.Read(data));
        var now = clock.GetUtcNow();
        foreach (var way in ways)
        {
            await using var command = new NpgsqlCommand(
                """
                insert into notifications (notification_id, event_id, event, channel, user_id, language, subject, text, outcome, data, created_at, due_at, sent_at)
                select told.notification_id, $1, $2, $3, recipient.user_id, recipient.language,
                       case recipient.language when 'en' then $8 else $6 end, case when $3 = 'in-app' then case recipient.language when 'en' then $9 else $7 end end,
                       case when $4 then 'PENDING' when $3 = 'in-app' then 'SENT' else 'LOGGED' end, case when $4 then $10 end, $5,
                       case when $4 then $5 end, case when not $4 then $5 end
                from unnest($11, $12) as told (notification_id, user_id) join recipients recipient on recipient.user_id = told.user_id
                on conflict (event_id, user_id, channel) do nothing
                """, transaction.Connection, transaction.Transaction)
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid> { TypedValue = eventId },
                    new NpgsqlParameter<string> { TypedValue = notice.Event },
                    new NpgsqlParameter<string> { TypedValue = way.Channel },
                    new NpgsqlParameter<bool> { TypedValue = way.Sends },
                    new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime },
                    new NpgsqlParameter<string> { TypedValue = way.French.Subject },
                    new NpgsqlParameter<string> { TypedValue = way.French.Text },
                    new NpgsqlParameter<string> { TypedValue = way.English.Subject },
                    new NpgsqlParameter<string> { TypedValue = way.English.Text },
                    new NpgsqlParameter<string> { TypedValue = data.GetRawText(), NpgsqlDbType = NpgsqlDbType.Jsonb },
                    new NpgsqlParameter<Guid[]> { TypedValue = [.. recipients.Select(_ => Guid.CreateVersion7(now))] },
                    new NpgsqlParameter<Guid[]> { TypedValue = [.. recipients] },
                },
            };
            await command.ExecuteNonQueryAsync(cancellationToken);
        }
        if (ways.Exists(way => way.Sends)) sender.Wake();
    }

    /// <summary>What each channel of a notice says, as far as it is known before the mail itself is written.</summary>
    public List<Way> WaysOf(Notice notice, object happened)
    {
        var (french, english) = (notice.Values(happened, "fr", notices.Shop), notice.Values(happened, "en", notices.Shop));
        return [.. notice.Channels.Select(channel => new Way(channel, Sends(channel), Told(notice, channel, "fr", french), Told(notice, channel, "en", english)))];
    }

    /// <summary>An SMS has no subject: the log shows its text. A mail's text is written when it is sent.</summary>
    (string Subject, string Text) Told(Notice notice, string channel, string language, Dictionary<string, Value> values)
    {
        var template = notices.Template(notice, channel, language).Template;
        if (channel == Channel.Email) return (template.WriteSubject(values), "");
        var told = template.WriteText(values);
        return channel == Channel.Sms ? (told.Text, "") : told;
    }

    bool Sends(string channel) => channel switch
    {
        Channel.Email => mailer.Sends,
        Channel.Sms => sms.Sends,
        _ => false,
    };
}
