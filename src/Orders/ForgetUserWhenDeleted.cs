using Npgsql;
using Rosa.Contracts.Users;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Orders;

/// <summary>
/// A deleted account leaves orders without a name or an address: those that have ended at once, those on their way when they have. What the
/// law keeps are the invoices, as they were issued.
/// </summary>
sealed class ForgetUserWhenDeleted(OrdersDb db) : IEventHandler<UserDeleted>
{
    public async Task HandleAsync(UserDeleted deleted, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction.Transaction);
        batch.BatchCommands.Add(new("delete from cart_lines where owner = $1 and not is_guest") { Parameters = { OrdersDb.Id(deleted.UserId) } });
        batch.BatchCommands.Add(new("insert into users_to_forget (user_id, deleted_at) values ($1, now()) on conflict do nothing") { Parameters = { OrdersDb.Id(deleted.UserId) } });
        foreach (var command in Forget()) batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Those whose orders were still on their way when they left.</summary>
    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using (var any = db.Source.CreateCommand("select exists (select from users_to_forget)"))
            if (!(bool)(await any.ExecuteScalarAsync(cancellationToken))!) return;

        await using var batch = db.Source.CreateBatch();
        foreach (var command in Forget()) batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    const string Nobody = """{"name": "", "line1": "", "postalCode": "", "city": "", "country": "ZZ"}""";

    /// <summary>Event and view change together, so that the one still makes the other. A refused order has no view, and goes with the first.</summary>
    static IEnumerable<NpgsqlBatchCommand> Forget() =>
    [
        new($"""
            update order_events e set data = jsonb_set(data, '{"{shippingAddress}"}', '{Nobody}')
            where version = 1 and data ->> 'userId' in (select user_id::text from users_to_forget)
              and not exists (select from checkouts c where c.order_id = e.order_id)
              and not exists (select from order_views v where v.order_id = e.order_id and v.status not in ('DELIVERED', 'CANCELLED'))
            """),
        new($"""
            update order_views v set document = jsonb_set(document, '{"{shipping,address}"}', '{Nobody}')
            where user_id in (select user_id from users_to_forget) and status in ('DELIVERED', 'CANCELLED')
              and not exists (select from checkouts c where c.order_id = v.order_id)
            """),
        new("""
            delete from users_to_forget u
            where not exists (select from order_views v where v.user_id = u.user_id and v.status not in ('DELIVERED', 'CANCELLED'))
              and not exists (select from order_views v join checkouts c using (order_id) where v.user_id = u.user_id)
            """),
    ];
}
