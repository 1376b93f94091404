using Rosa.Contracts.Orders;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Recommendations;

/// <summary>
/// An order is cancelled before it is shipped, so nobody has had the goods: it is as if it had never been counted, and the products may be suggested
/// again. An order that was never confirmed was never counted.
/// </summary>
sealed class TakePurchaseBackWhenOrderCancelled : IEventHandler<OrderCancelled>
{
    public Task HandleAsync(OrderCancelled happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken) =>
        Purchases.WriteAsync(transaction, [Purchases.TakeBack(happened.OrderId)], cancellationToken);
}
