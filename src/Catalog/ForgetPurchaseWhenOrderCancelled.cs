using Npgsql;
using Rosa.Contracts.Orders;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Catalog;

/// <summary>
/// An order is cancelled before it is shipped, so its customer never had the goods: they may no longer rate them, and what they said of them
/// goes, unless they bought them another time.
/// </summary>
sealed class ForgetPurchaseWhenOrderCancelled : IEventHandler<OrderCancelled>
{
    public async Task HandleAsync(OrderCancelled happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        // The products first, as whoever rates one does.
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction.Transaction);
        batch.BatchCommands.Add(Of(happened,
            "select from products where product_id in (select product_id from purchases where order_id = $1) order by product_id for no key update"));
        batch.BatchCommands.Add(Of(happened,
            """
            with forgotten as (
              delete from purchases where order_id = $1 returning user_id, product_id
            ), unrated as (
              delete from ratings r using forgotten f
              where r.user_id = f.user_id and r.product_id = f.product_id
                and not exists (select from purchases other where other.user_id = f.user_id and other.product_id = f.product_id and other.order_id <> $1)
              returning r.product_id, r.stars
            )
            update products p set rating_count = p.rating_count - 1, rating_sum = p.rating_sum - u.stars
            from unrated u
            where p.product_id = u.product_id
            """));
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    static NpgsqlBatchCommand Of(OrderCancelled happened, string sql) => new(sql) { Parameters = { new NpgsqlParameter<Guid> { TypedValue = happened.OrderId } } };
}
