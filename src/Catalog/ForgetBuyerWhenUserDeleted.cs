using Npgsql;
using Rosa.Contracts.Users;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Catalog;

/// <summary>
/// What somebody bought is forgotten, and so are their words. Their stars stay, belonging to nobody, so that an average does not tell
/// that a customer has left.
/// </summary>
sealed class ForgetBuyerWhenUserDeleted : IEventHandler<UserDeleted>
{
    public async Task HandleAsync(UserDeleted happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction.Transaction);
        batch.BatchCommands.Add(Of(happened, "delete from purchases where user_id = $1"));
        batch.BatchCommands.Add(Of(happened, "update ratings set user_id = gen_random_uuid(), comment = null where user_id = $1"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    static NpgsqlBatchCommand Of(UserDeleted happened, string sql) => new(sql) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = happened.UserId } } };
}
