using Npgsql;
using Rosa.Contracts.Users;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Recommendations;

/// <summary>
/// Who bought what is forgotten; the counts stay, since they name nobody. The id stays as one that is forgotten, so that an order that is heard of
/// only now adds nothing.
/// </summary>
sealed class ForgetCustomerWhenUserDeleted : IEventHandler<UserDeleted>
{
    public Task HandleAsync(UserDeleted happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken) =>
        Purchases.WriteAsync(
            transaction,
            [
                Of(happened, "insert into customers (user_id, forgotten) values ($1, true) on conflict (user_id) do update set animal_type = null, forgotten = true"),
                Of(happened, "delete from purchases where user_id = $1"),
                Of(happened, "delete from orders where user_id = $1"),
            ],
            cancellationToken);

    static NpgsqlBatchCommand Of(UserDeleted happened, string sql) => new(sql) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = happened.UserId } } };
}
