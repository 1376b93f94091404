using Npgsql;

namespace Rosa.Host.Demo;

/// <summary>
/// The payments of past orders, and the books of the test provider that took them: an order that is cancelled later is refunded
/// by it.
/// </summary>
static class PaymentRows
{
    public static async Task LoadAsync(NpgsqlConnection connection, IReadOnlyList<PastSale> sales, CancellationToken cancellationToken)
    {
        var refunded = sales.Where(sale => sale.CancelledAt is not null).ToList();

        await Copy.RowsAsync(connection,
            "payments (payment_id, order_id, idempotency_key, amount, currency, method, status, refund_claimed, refunded_amount, next_attempt_at, created_at, settled_at)",
            sales.Select(sale => new object?[]
            {
                sale.PaymentId, sale.OrderId, sale.OrderId.ToString(), sale.Bought.FinalAmount, PastSale.Currency, "card", sale.CancelledAt is null ? "CAPTURED" : "REFUNDED",
                Refunded(sale), Refunded(sale), sale.PaymentAskedAt, sale.PaymentAskedAt, sale.ConfirmedAt,
            }), cancellationToken);
        await Copy.RowsAsync(connection, "refunds (refund_id, payment_id, idempotency_key, amount, reason, status, next_attempt_at, created_at, settled_at)",
            refunded.Select(sale => new object?[]
            {
                sale.RefundId, sale.PaymentId, $"{sale.OrderId}:refund", sale.Bought.FinalAmount, "Je me suis trompé d'article.", "REFUNDED",
                sale.CancelledAt, sale.CancelledAt, sale.CancelledAt,
            }), cancellationToken);

        await Copy.RowsAsync(connection, "test_provider_charges (charge_key, reference, amount, currency, state, refunded)",
            sales.Select(sale => new object?[] { sale.PaymentId, sale.OrderId.ToString(), sale.Bought.FinalAmount, PastSale.Currency, "CAPTURED", Refunded(sale) }), cancellationToken);
        await Copy.RowsAsync(connection, "test_provider_refunds (refund_key, charge_key, amount)",
            refunded.Select(sale => new object?[] { sale.RefundId, sale.PaymentId, sale.Bought.FinalAmount }), cancellationToken);
    }

    static decimal Refunded(PastSale sale) => sale.CancelledAt is null ? 0m : sale.Bought.FinalAmount;
}
