using Npgsql;
using NpgsqlTypes;
using Rosa.Platform.Database;

namespace Rosa.Notifications;

/// <summary>Whom to write to, as Users last told.</summary>
/// <param name="Language">Null when the event does not say: then it stays, and is French at first.</param>
/// <param name="NotificationsEnabled">Null when the event does not say: then it stays, and is on at first.</param>
sealed record Recipient(Guid UserId, string Email, string FirstName, string? Language, bool? NotificationsEnabled)
{
    /// <summary>Remembers the recipient, and makes due what waited for them.</summary>
    public async Task RememberAsync(DatabaseTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction.Transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            insert into recipients (user_id, email, first_name, language, notifications_enabled)
            values ($1, $2, $3, coalesce($4, 'fr'), coalesce($5, true))
            on conflict (user_id) do update
            set email = excluded.email, first_name = excluded.first_name,
                language = coalesce($4, recipients.language), notifications_enabled = coalesce($5, recipients.notifications_enabled)
            """)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = UserId },
                new NpgsqlParameter<string> { TypedValue = Email },
                new NpgsqlParameter<string> { TypedValue = FirstName },
                new NpgsqlParameter { Value = (object?)Language ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new NpgsqlParameter { Value = (object?)NotificationsEnabled ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Boolean },
            },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("update notifications set due_at = $2 where user_id = $1 and outcome = 'PENDING' and attempts = 0")
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = UserId }, new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime } },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
