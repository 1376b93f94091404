using Rosa.Contracts.Orders;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Recommendations;

/// <summary>One round trip whatever was bought: at Christmas this runs some hundred times a second.</summary>
sealed class CountPurchaseWhenOrderCreated : IEventHandler<OrderCreated>
{
    public Task HandleAsync(OrderCreated happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken) =>
        Purchases.WriteAsync(
            transaction,
            Purchases.Count(new Purchase(happened.OrderId, happened.UserId, happened.ConfirmedAt, happened.Items.Select(item => item.ProductId))),
            cancellationToken);
}
