using System.ComponentModel.DataAnnotations;
using System.Globalization;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Npgsql;
using NpgsqlTypes;
using Rosa.Platform.Database;
using Rosa.Platform.Idempotency;
using Rosa.Platform.Problems;
using Rosa.Platform.Resilience;

namespace Rosa.Payments;

/// <param name="OrderId">The order that is paid. It is paid once, whatever is sent.</param>
/// <param name="Method"><c>card</c>.</param>
/// <param name="CardToken">Stands for a card; a card number is refused.</param>
public sealed record TakePaymentRequest(
    [Required] Guid? OrderId,
    [Required] decimal? Amount,
    [Required, RegularExpression("^[A-Z]{3}$", ErrorMessage = "A currency is an ISO 4217 code such as EUR.")] string Currency,
    [Required, AllowedValues("card")] string Method,
    [Required, MaxLength(200)] string CardToken)
{
    /// <summary>Without the token, so that no log can hold it.</summary>
    public override string ToString() => $"payment of {Amount} {Currency} for order {OrderId}";
}

/// <param name="Status"><c>CAPTURED</c> (or <c>REFUNDED</c> since) with 201, <c>PENDING</c> with 202.</param>
public sealed record PaymentAnswer(Guid TransactionId, string Status);

/// <summary>
/// Takes the money for an order, once. Asked again, also by many at the same moment, it tells what became of the first:
/// 201 captured, 202 not known yet (ask again), 422 declined, 502 the provider failed and took nothing.
/// </summary>
static class TakePaymentEndpoint
{
    public static async Task<Results<Created<PaymentAnswer>, Accepted<PaymentAnswer>, ProblemHttpResult>> Handle(
        TakePaymentRequest request, HttpContext context, ServiceDatabase database, ChargePayment charge, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (CardNumbers.AreIn(request.CardToken)) return CardNumberRefused.ToResult();
        if (Money.Problem("amount", request.Amount!.Value) is { } wrongAmount) return wrongAmount.ToResult();
        if (request.OrderId == Guid.Empty) return Problem.Validation("orderId", "An order's id is not all zeros.").ToResult();
        var (key, wrongKey) = IdempotencyKey.Read(context, "POST /api/payments", Canonical(request));
        if (wrongKey is not null) return wrongKey.ToResult();
        key ??= new IdempotencyKey("", request.OrderId!.Value.ToString(), System.Security.Cryptography.SHA256.HashData(Canonical(request)));

        var payment = New(request, key, clock.GetUtcNow());
        if (await RecordAsync(payment, request.Method, key.Key, charge.Lease, database, cancellationToken))
        {
            payment = await charge.AnswerAsync(payment, cancellationToken);
        }
        else
        {
            var earlier = await FindEarlierAsync(payment.OrderId, key.Key, database, cancellationToken);
            if (earlier.IsVoided) return PaymentVoided.ToResult();
            if (earlier.OrderId != payment.OrderId || !earlier.RequestHash.AsSpan().SequenceEqual(payment.RequestHash)) return IdempotencyKey.Reused.ToResult();
            payment = await charge.OutcomeAsync(earlier, cancellationToken);
        }
        return Answer(payment, context);
    }

    /// <summary>The body's meaning: <c>10</c> and <c>10.00</c> are the same amount.</summary>
    static byte[] Canonical(TakePaymentRequest request) => Encoding.UTF8.GetBytes(string.Create(
        CultureInfo.InvariantCulture, $"{request.OrderId}|{request.Amount:0.00}|{request.Currency}|{request.Method}|{request.CardToken}"));

    static Payment New(TakePaymentRequest request, IdempotencyKey key, DateTimeOffset now) => new(
        Guid.CreateVersion7(), request.OrderId!.Value, Money.TwoPlaces(request.Amount!.Value), request.Currency, request.CardToken, Payment.Pending, Reason: null,
        RefundedAmount: 0, key.RequestHash, VoidRequested: false, Attempts: 1, CreatedAt: now);

    /// <summary>Makes the payment durable before the provider hears of it. False when the order, or the key, has one already.</summary>
    static async Task<bool> RecordAsync(Payment payment, string method, string key, TimeSpan lease, ServiceDatabase database, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            insert into payments (payment_id, order_id, idempotency_key, request_hash, amount, currency, method, card_token, status, next_attempt_at, created_at)
            values ($1, $2, $3, $4, $5, $6, $7, $8, 'PENDING', now() + $9, $10)
            on conflict do nothing
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = payment.PaymentId });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = payment.OrderId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        command.Parameters.Add(new NpgsqlParameter<byte[]> { TypedValue = payment.RequestHash!, NpgsqlDbType = NpgsqlDbType.Bytea });
        command.Parameters.Add(new NpgsqlParameter<decimal> { TypedValue = payment.Amount });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payment.Currency });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = method });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = payment.CardToken! });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = lease });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = payment.CreatedAt.UtcDateTime });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 1;
    }

    static async Task<Payment> FindEarlierAsync(Guid orderId, string key, ServiceDatabase database, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            $"select {Payment.Columns} from payments where order_id = $1 or idempotency_key = $2 order by order_id = $1 desc limit 1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = orderId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return Payment.Read(reader);
    }

    static Results<Created<PaymentAnswer>, Accepted<PaymentAnswer>, ProblemHttpResult> Answer(Payment payment, HttpContext context)
    {
        switch (payment.Status)
        {
            case Payment.Captured or Payment.Refunded:
                return TypedResults.Created($"/api/payments?orderId={payment.OrderId}", new PaymentAnswer(payment.PaymentId, payment.Status));
            case Payment.Pending:
                return TypedResults.Accepted($"/api/payments?orderId={payment.OrderId}", new PaymentAnswer(payment.PaymentId, payment.Status));
            case Payment.Declined:
                return Declined(payment).ToResult();
            case var _ when payment.IsVoided:
                return PaymentVoided.ToResult();
            default:
                context.Response.Headers[ServiceHttp.OutsideFault] = "1";
                return TypedResults.Problem(ProviderFailed(payment));
        }
    }

    static readonly Problem CardNumberRefused =
        new(ProblemKind.Invalid, "CARD_NUMBER_REFUSED", "Card numbers are not taken here. Send the token that the payment form gave for the card.");

    static readonly Problem PaymentVoided =
        new(ProblemKind.Conflict, "PAYMENT_VOIDED", "The order was given up before it was paid. Nothing was charged, and nothing will be.");

    static Problem Declined(Payment payment) => new(ProblemKind.Refused, "PAYMENT_DECLINED", "The payment was declined. Try another card with a new order.")
    {
        Extensions = new Dictionary<string, object?> { ["transactionId"] = payment.PaymentId, ["paymentStatus"] = payment.Status },
    };

    static ProblemDetails ProviderFailed(Payment payment) => new()
    {
        Status = 502,
        Title = "The payment provider failed",
        Detail = "The payment provider could not be reached or failed. Nothing was charged, and nothing will be.",
        Extensions = { ["code"] = "PROVIDER_ERROR", ["transactionId"] = payment.PaymentId, ["paymentStatus"] = payment.Status },
    };
}
