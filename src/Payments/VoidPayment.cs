using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;

namespace Rosa.Payments;

/// <param name="TransactionId">Null when the order never had a payment.</param>
/// <param name="Status">
/// <c>VOIDED</c>: nothing was taken and nothing ever will be. <c>CAPTURED</c>: too late, refund it. <c>REFUNDED</c>: it was taken, and all of it given
/// back. <c>DECLINED</c>: nothing was taken. <c>PENDING</c>: the provider does not answer, ask again.
/// </param>
public sealed record VoidAnswer(Guid? TransactionId, string Status, decimal Amount, decimal RefundedAmount);

/// <summary>
/// This order is dead: what was not captured never will be. An order without a payment gets a row that keeps a late one away,
/// so that a charge and a void may arrive in any order.
/// </summary>
static class VoidPaymentEndpoint
{
    public static async Task<Ok<VoidAnswer>> Handle(Guid orderId, ServiceDatabase database, ChargePayment charge, TimeProvider clock, CancellationToken cancellationToken)
    {
        var payment = await RequestAsync(orderId, charge.Lease, database, clock.GetUtcNow(), cancellationToken)
            ?? (await Payment.FindAsync(database.Source, orderId, cancellationToken))!;
        if (payment.Status == Payment.Pending) payment = await charge.AnswerAsync(payment, cancellationToken);
        return TypedResults.Ok(Answer(payment));
    }

    /// <summary>Makes the wish durable: on the payment that is under way, or as a row without one. Null when the payment is settled already.</summary>
    static async Task<Payment?> RequestAsync(Guid orderId, TimeSpan lease, ServiceDatabase database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            $"""
            insert into payments (payment_id, order_id, amount, currency, method, status, void_requested, next_attempt_at, created_at, settled_at)
            values ($1, $2, 0, '', '', 'VOIDED', true, $4, $4, $4)
            on conflict (order_id) do update set void_requested = true, next_attempt_at = now() + $3
            where payments.status = 'PENDING'
            returning {Payment.Columns}
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = Guid.CreateVersion7() });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = orderId });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = lease });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Payment.Read(reader) : null;
    }

    static VoidAnswer Answer(Payment payment) => payment.Status switch
    {
        Payment.Voided => new VoidAnswer(TransactionId: null, Payment.Voided, Amount: 0, RefundedAmount: 0),
        Payment.Failed => new VoidAnswer(payment.PaymentId, Payment.Voided, payment.Amount, RefundedAmount: 0),
        _ => new VoidAnswer(payment.PaymentId, payment.Status, payment.Amount, payment.RefundedAmount),
    };
}
