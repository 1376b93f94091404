using Npgsql;
using NpgsqlTypes;
using Rosa.Platform.Database;

namespace Rosa.Notifications;

/// <summary>Whom to write to, as Users last told. What is null the event does not say: then it stays as it is.</summary>
/// <param name="Language">At first French.</param>
/// <param name="NotificationsEnabled">At first on.</param>
/// <param name="Role">At first a customer's.</param>
sealed record Recipient(Guid UserId, string Email, string FirstName, string? Language, bool? NotificationsEnabled, string? Role)
{
    /// <summary>E.164; empty: none any more.</summary>
    public string? Phone { get; init; }

    /// <summary>Remembers the recipient, and makes due what waited for them.</summary>
    public async Task RememberAsync(DatabaseTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction.Transaction);
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            """
            insert into recipients (user_id, email, first_name, language, notifications_enabled, role, phone)
            values ($1, $2, $3, coalesce($4, 'fr'), coalesce($5, true), coalesce($6, 'customer'), nullif($7, ''))
            on conflict (user_id) do update
            set email = excluded.email, first_name = excluded.first_name,
                language = coalesce($4, recipients.language), notifications_enabled = coalesce($5, recipients.notifications_enabled),
                role = coalesce($6, recipients.role), phone = nullif(coalesce($7, recipients.phone), '')
            where recipients.deleted_at is null
            """)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = UserId },
                new NpgsqlParameter<string> { TypedValue = Email },
                new NpgsqlParameter<string> { TypedValue = FirstName },
                Optional(Language, NpgsqlDbType.Text),
                Optional(NotificationsEnabled, NpgsqlDbType.Boolean),
                Optional(Role, NpgsqlDbType.Text),
                Optional(Phone, NpgsqlDbType.Text),
            },
        });
        batch.BatchCommands.Add(new NpgsqlBatchCommand("update notifications set due_at = $2 where user_id = $1 and outcome = 'PENDING' and attempts = 0")
        {
            Parameters = { new NpgsqlParameter<Guid> { TypedValue = UserId }, new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime } },
        });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    static NpgsqlParameter Optional(object? value, NpgsqlDbType type) => new() { Value = value ?? DBNull.Value, NpgsqlDbType = type };
}
