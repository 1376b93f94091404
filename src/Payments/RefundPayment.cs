using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Idempotency;
using Rosa.Platform.Problems;

namespace Rosa.Payments;

/// <param name="Amount">All or a part of what was captured and not given back yet.</param>
public sealed record RefundPaymentRequest([Required] decimal? Amount, [Required, MaxLength(500)] string Reason);

/// <param name="Status"><c>REFUNDED</c> with 201; <c>PENDING</c> with 202: it is recorded, and will be made.</param>
public sealed record RefundAnswer(Guid RefundId, Guid TransactionId, decimal Amount, string Status);

/// <summary>
/// Gives money back, once for each <c>Idempotency-Key</c> and never more than was captured: the amount is claimed on the
/// payment in the statement that records the refund, before the provider is asked.
/// </summary>
static class RefundPaymentEndpoint
{
    public static async Task<Results<Created<RefundAnswer>, Accepted<RefundAnswer>, ProblemHttpResult>> Handle(
        Guid transactionId, RefundPaymentRequest request, HttpContext context, ServiceDatabase database, MakeRefund make, CancellationToken cancellationToken)
    {
        if (Money.Problem("amount", request.Amount!.Value) is { } wrongAmount) return wrongAmount.ToResult();
        var (key, wrongKey) = IdempotencyKey.Read(context, "refunds", body: []);
        if (wrongKey is not null) return wrongKey.ToResult();
        if (key is null) return Problem.Validation("Idempotency-Key", "A refund wants an Idempotency-Key, so that it is made once however often it is sent.").ToResult();

        var wanted = new Refund(Guid.CreateVersion7(), transactionId, OrderId: default, Money.TwoPlaces(request.Amount.Value), Currency: "", request.Reason, Refund.Pending, Attempts: 1);
        var refund = await RecordAsync(wanted, key.Key, make.Lease, database, cancellationToken);
        if (refund is not null)
        {
            refund = await make.AnswerAsync(refund, cancellationToken);
        }
        else
        {
            refund = await Refund.FindAsync(database.Source, transactionId, key.Key, cancellationToken);
            if (refund is null) return (await WhyNotAsync(transactionId, database, cancellationToken)).ToResult();
            if (refund.Amount != wanted.Amount || refund.Reason != wanted.Reason) return IdempotencyKey.Reused.ToResult();
            refund = await make.OutcomeAsync(refund, key.Key, cancellationToken);
        }

        var answer = new RefundAnswer(refund.RefundId, transactionId, refund.Amount, refund.Status);
        return refund.Status switch
        {
            Refund.Refunded => TypedResults.Created((string?)null, answer),
            Refund.Pending => TypedResults.Accepted((string?)null, answer),
            _ => ProviderRefused.ToResult(),
        };
    }

    /// <summary>Claims the amount and records the refund. Null when the key was used, or the payment does not have this much to give back.</summary>
    static async Task<Refund?> RecordAsync(Refund refund, string key, TimeSpan lease, ServiceDatabase database, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            with claimed as (
              update payments set refund_claimed = refund_claimed + $3
              where payment_id = $2 and status = 'CAPTURED' and refund_claimed + $3 <= amount
                and not exists (select from refunds where payment_id = $2 and idempotency_key = $4)
              returning payment_id, order_id, currency),
            recorded as (
              insert into refunds (refund_id, payment_id, idempotency_key, amount, reason, status, next_attempt_at)
              select $1, payment_id, $4, $3, $5, 'PENDING', now() + $6 from claimed)
            select order_id, currency from claimed
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = refund.RefundId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = refund.PaymentId });
        command.Parameters.Add(new NpgsqlParameter<decimal> { TypedValue = refund.Amount });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = refund.Reason });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = lease });
        try
        {
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            return await reader.ReadAsync(cancellationToken) ? refund with { OrderId = reader.GetGuid(0), Currency = reader.GetString(1) } : null;
        }
        catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.UniqueViolation)
        {
            return null;   // The same key at the same moment: the other one recorded it, and this claim was undone.
        }
    }

    static async Task<Problem> WhyNotAsync(Guid paymentId, ServiceDatabase database, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand("select amount - refund_claimed, status from payments where payment_id = $1 and status <> 'VOIDED'");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = paymentId });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        if (!await reader.ReadAsync(cancellationToken)) return Problem.NotFound("payment");
        return reader.GetString(1) is Payment.Captured or Payment.Refunded
            ? new Problem(ProblemKind.Refused, "REFUND_EXCEEDS_PAYMENT", "More than was captured cannot be given back.")
            {
                Extensions = new Dictionary<string, object?> { ["refundable"] = reader.GetDecimal(0) },
            }
            : new Problem(ProblemKind.Conflict, "PAYMENT_NOT_CAPTURED", "Nothing was captured that could be given back.");
    }

    static readonly Problem ProviderRefused =
        new(ProblemKind.Refused, "REFUND_REFUSED", "The payment provider refused the refund. An employee has to settle it with the provider.");
}
