using Npgsql;
using Rosa.Contracts.Users;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Notifications;

/// <summary>
/// Erases whom to write to, what was to be sent, and what was shown in the shop. The send log keeps that something was sent and what came of it,
/// but neither to whom nor what about.
/// </summary>
sealed class ForgetRecipientWhenUserDeleted(TimeProvider clock) : IEventHandler<UserDeleted>
{
    static readonly string[] statements =
    [
        """
        insert into recipients (user_id, email, first_name, deleted_at) values ($1, '', '', $2)
        on conflict (user_id) do update set email = '', first_name = '', phone = null, role = 'customer', notifications_enabled = false, deleted_at = $2
        """,
        "delete from notifications where user_id = $1 and (outcome = 'PENDING' or channel = 'in-app')",
        """
        update notifications set user_id = null, order_id = null, event_id = gen_random_uuid(), subject = '', text = null, data = null, error = null
        where user_id = $1
        """,
        // Events of theirs that could not be handled and wait for an employee still hold what they tell.
        "delete from inbox where subject = $1::text and parked_at is not null",
    ];

    public async Task HandleAsync(UserDeleted happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction.Transaction);
        foreach (var sql in statements)
        {
            batch.BatchCommands.Add(new NpgsqlBatchCommand(sql)
            {
                Parameters =
                {
                    new NpgsqlParameter<Guid> { TypedValue = happened.UserId },
                    new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime },
                },
            });
        }
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
