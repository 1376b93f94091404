using Npgsql;
using Rosa.Contracts.Orders;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Catalog;

/// <summary>Who bought a product may rate it. One insert and nothing else: at Christmas this runs some hundred times a second.</summary>
sealed class RememberPurchaseWhenOrderCreated : IEventHandler<OrderCreated>
{
    public async Task HandleAsync(OrderCreated happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "insert into purchases (user_id, product_id, order_id) select $1, product_id, $3 from unnest($2::uuid[]) bought (product_id) on conflict do nothing",
            transaction.Connection, transaction.Transaction);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = happened.UserId });
        command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. happened.Items.Select(item => item.ProductId)] });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = happened.OrderId });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
