using Npgsql;
using Rosa.Contracts.Payments;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Orders;

/// <summary>
/// An order that waits for its payment goes on now, and not when it is next asked about. Money that was captured for an order that had ended is entered
/// into its stream, from which the saga gives it back.
/// </summary>
sealed partial class ContinueWhenPaymentDecidedLate(OrdersDb db, ILogger<ContinueWhenPaymentDecidedLate> logger) : IEventHandler<PaymentDecidedLate>
{
    public async Task HandleAsync(PaymentDecidedLate decided, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        var order = await OrdersDb.LoadAsync(decided.OrderId, transaction.Connection);
        if (!order.IsPlaced)
        {
            Log.NoOrder(logger, decided.TransactionId, decided.OrderId);
            return;
        }

        if (decided.Status == "CAPTURED" && Checkout.WhenCapturedLate(order, decided.TransactionId) is { } captured)
        {
            Log.CapturedLate(logger, decided.TransactionId, order.OrderId);
            var now = db.Now;
            await db.AppendAsync(transaction, Order.Evolve(order, captured, now), captured, now, sagaLease: TimeSpan.Zero, cancellationToken);
            return;
        }
        await using var goOn = new NpgsqlCommand("update checkouts set due_at = now() where order_id = $1", transaction.Connection, transaction.Transaction);
        goOn.Parameters.Add(OrdersDb.Id(order.OrderId));
        await goOn.ExecuteNonQueryAsync(cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(140, LogLevel.Warning, "Payment {PaymentId} was decided for order {OrderId}, which is not")]
        public static partial void NoOrder(ILogger logger, Guid paymentId, Guid orderId);

        [LoggerMessage(141, LogLevel.Warning, "Payment {PaymentId} was captured after order {OrderId} had ended; the money goes back")]
        public static partial void CapturedLate(ILogger logger, Guid paymentId, Guid orderId);
    }
}
