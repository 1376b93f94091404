using Npgsql;
using NpgsqlTypes;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Notifications;

/// <summary>Something to be told to a customer because of an event.</summary>
/// <param name="FrenchSubject">With <paramref name="EnglishSubject"/>: what the log shows, also before the mail is written.</param>
sealed record NewNotification(string Event, Guid UserId, Guid? OrderId, string FrenchSubject, string EnglishSubject)
{
    /// <summary>
    /// Writes it down in the transaction of the event: to be sent, or, where no mail is sent at all, as told. The mail itself is
    /// written by <see cref="SendNotifications"/>, which also waits for a recipient who is not known yet: UserCreated and
    /// OrderCreated are events of different subjects and may arrive in any order.
    /// </summary>
    public async Task WriteAsync(DatabaseTransaction transaction, EventEnvelope envelope, bool mailsAreSent, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            insert into notifications (notification_id, event_id, event, channel, user_id, order_id, language, subject, outcome, data, created_at, due_at, sent_at)
            select $1, $2, $3, 'email', $4, $5, language, case language when 'en' then $7 else $6 end,
                   case when told then 'LOGGED' else 'PENDING' end, case when not told then $8 end, $9, case when not told then $9 end, case when told then $9 end
            from (select coalesce(r.language, 'fr') as language, r.user_id is not null and not $10 as told
                  from (select $4) concerned (user_id) left join recipients r on r.user_id = concerned.user_id) recipient
            on conflict (event_id, channel) do nothing
            """, transaction.Connection, transaction.Transaction);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7(now) });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = envelope.Id });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Event });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = UserId });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)OrderId ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Uuid });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = FrenchSubject });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = EnglishSubject });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = envelope.Data.GetRawText(), NpgsqlDbType = NpgsqlDbType.Jsonb });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = mailsAreSent });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
