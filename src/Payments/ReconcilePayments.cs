using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Contracts.Reconciliation;
using Rosa.Payments.Provider;
using Rosa.Platform.Database;

namespace Rosa.Payments;

/// <summary>
/// <c>POST /internal/reconciliation</c>: what was taken for orders and kept, and whether the provider says the same. The provider is right: what it
/// captured without our knowing is entered, so that whoever looks at the order gives it back.
/// </summary>
static class ReconcilePayments
{
    const int AskedAtOnce = 4;
    static readonly TimeSpan askFor = TimeSpan.FromSeconds(5);

    public static async Task<Ok<ReconciliationAnswer>> Handle(ReconciliationQuery query, ServiceDatabase database, IPaymentProvider provider, CancellationToken cancellationToken)
    {
        IReadOnlyList<BookDiscrepancy> books = query.Books ? [.. await AskProviderAsync(query, database, provider, cancellationToken), .. await RefundsAsync(query, database, cancellationToken)] : [];
        var held = await PaymentsAsync(query, database, cancellationToken);
        return TypedResults.Ok(new ReconciliationAnswer([.. held.Select(Held)], books));
    }

    static HeldForOrder Held(Payment payment) => new(
        payment.OrderId, payment.Status, payment.Status is Payment.Captured or Payment.Refunded ? payment.Amount - payment.RefundedAmount : 0, payment.PaymentId);

    static async Task<List<Payment>> PaymentsAsync(ReconciliationQuery query, ServiceDatabase database, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand($"select {Payment.Columns} from payments where order_id > $1 and order_id <= $2 order by order_id limit $3");
        AddRange(command, query);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var payments = new List<Payment>();
        while (await reader.ReadAsync(cancellationToken)) payments.Add(Payment.Read(reader));
        return payments;
    }

    static async Task<List<BookDiscrepancy>> AskProviderAsync(ReconciliationQuery query, ServiceDatabase database, IPaymentProvider provider, CancellationToken cancellationToken)
    {
        var found = new List<BookDiscrepancy>();
        var settled = (await PaymentsAsync(query, database, cancellationToken)).Where(payment => payment.Status is not (Payment.Pending or Payment.Voided));
        await Parallel.ForEachAsync(settled, new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancellationToken }, async (payment, token) =>
        {
            using var cut = CancellationTokenSource.CreateLinkedTokenSource(token);
            cut.CancelAfter(askFor);
            var charge = await provider.FindChargeAsync(payment.PaymentId, cut.Token);
            var taken = payment.Status is Payment.Captured or Payment.Refunded;
            if (taken == (charge.State == ChargeState.Captured)) return;

            var mended = !taken && await EnterAsync(payment, database, token);
            var discrepancy = new BookDiscrepancy("PROVIDER_DISAGREES", payment.PaymentId.ToString(), $"It is {payment.Status} here and {charge.State} at the provider.", mended);
            lock (found) found.Add(discrepancy);
        });
        return found;
    }

    /// <summary>The provider has taken the money after all.</summary>
    static async Task<bool> EnterAsync(Payment payment, ServiceDatabase database, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("update payments set status = 'CAPTURED', reason = null where payment_id = $1 and status in ('DECLINED', 'FAILED')");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = payment.PaymentId });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    /// <summary>What a payment says was given back is what its refunds add up to. Which of the two is true somebody has to find out from the provider's statement.</summary>
    static async Task<List<BookDiscrepancy>> RefundsAsync(ReconciliationQuery query, ServiceDatabase database, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            select p.payment_id, p.refunded_amount, coalesce(sum(r.amount), 0)
            from payments p left join refunds r on r.payment_id = p.payment_id and r.status = 'REFUNDED'
            where p.order_id > $1 and p.order_id <= $2
            group by p.payment_id having p.refunded_amount <> coalesce(sum(r.amount), 0)
            limit $3
            """);
        AddRange(command, query);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var found = new List<BookDiscrepancy>();
        while (await reader.ReadAsync(cancellationToken))
            found.Add(new BookDiscrepancy("REFUNDS", reader.GetGuid(0).ToString(), $"It says {reader.GetDecimal(1)} was given back, and its refunds add up to {reader.GetDecimal(2)}.", Mended: false));
        return found;
    }

    static void AddRange(NpgsqlCommand command, ReconciliationQuery query)
    {
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = query.After });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = query.UpTo });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Math.Clamp(query.Limit, 1, 2_000) });
    }
}
