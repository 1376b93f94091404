using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Contracts.Payments;
using Rosa.Payments.Provider;
using Rosa.Platform.Database;
using Rosa.Platform.Resilience;

namespace Rosa.Payments;

/// <summary>A part of a payment that goes back to the customer.</summary>
sealed record Refund(Guid RefundId, Guid PaymentId, Guid OrderId, decimal Amount, string Currency, string Reason, string Status, int Attempts)
{
    public const string Pending = "PENDING", Refunded = "REFUNDED", Failed = "FAILED";

    /// <summary>Of refunds <c>r</c> with their payment <c>p</c>.</summary>
    public const string Columns = "r.refund_id, r.payment_id, p.order_id, r.amount, p.currency, r.reason, r.status, r.attempts";

    public static Refund Read(NpgsqlDataReader reader) => new(
        reader.GetGuid(0), reader.GetGuid(1), reader.GetGuid(2), reader.GetDecimal(3), reader.GetString(4), reader.GetString(5), reader.GetString(6), reader.GetInt32(7));

    public static async Task<Refund?> FindAsync(NpgsqlDataSource source, Guid paymentId, string key, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            $"select {Columns} from refunds r join payments p using (payment_id) where r.payment_id = $1 and r.idempotency_key = $2");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = paymentId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = key });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken) ? Read(reader) : null;
    }
}

/// <summary>
/// Brings a recorded refund to its end: asks the provider under the refund's id, and marks what it answers together with the
/// event. What is owed to a customer is never given up: an unknown outcome is asked about until it is known.
/// </summary>
sealed partial class MakeRefund(ServiceDatabase database, IPaymentProvider provider, IOptions<PaymentsOptions> options, TimeProvider clock, ILogger<MakeRefund> logger)
{
    readonly PaymentsOptions options = options.Value;

    /// <summary>For how long an attempt that was begun is nobody else's business.</summary>
    public TimeSpan Lease => options.ProviderTimeout + TimeSpan.FromSeconds(1);

    /// <summary>Makes one attempt, and waits for it no longer than <see cref="PaymentsOptions.AnswerWithin"/>; the attempt goes on after that.</summary>
    public async Task<Refund> AnswerAsync(Refund refund, CancellationToken cancellationToken)
    {
        try
        {
            return await AttemptAsync(refund).WaitAsync(options.AnswerWithin, clock, cancellationToken);
        }
        catch (TimeoutException)
        {
            return refund;
        }
    }

    /// <summary>The outcome of an attempt that somebody else makes, or the refund as it is when <see cref="PaymentsOptions.AnswerWithin"/> has passed.</summary>
    public async Task<Refund> OutcomeAsync(Refund refund, string key, CancellationToken cancellationToken)
    {
        var began = clock.GetTimestamp();
        for (var pause = 10; refund.Status == Refund.Pending && clock.GetElapsedTime(began) < options.AnswerWithin; pause = Math.Min(pause * 2, 200))
        {
            await Task.Delay(TimeSpan.FromMilliseconds(pause), clock, cancellationToken);
            refund = (await Refund.FindAsync(database.Source, refund.PaymentId, key, cancellationToken))!;
        }
        return refund;
    }

    /// <summary>Makes one attempt. The refund is PENDING still when the provider's answer stays unknown.</summary>
    public async Task<Refund> AttemptAsync(Refund refund)
    {
        CrashPoint.Here("payments.refund.before");
        var outcome = await AskAsync(refund);
        CrashPoint.Here("payments.refund.after");
        switch (outcome)
        {
            case RefundState.Refunded: await MarkMadeAsync(refund); return refund with { Status = Refund.Refunded };
            case RefundState.Refused: await MarkRefusedAsync(refund); return refund with { Status = Refund.Failed };
            default: await AskLaterAsync(refund); return refund;
        }
    }

    async Task<RefundState> AskAsync(Refund refund)
    {
        try
        {
            using var cut = new CancellationTokenSource(options.ProviderTimeout);
            var known = refund.Attempts > 1 ? await provider.FindRefundAsync(refund.RefundId, cut.Token) : RefundState.None;
            return known == RefundState.None ? await provider.RefundAsync(refund.RefundId, chargeKey: refund.PaymentId, refund.Amount, cut.Token) : known;
        }
        catch (Exception exception)
        {
            Log.Unknown(logger, refund.RefundId, refund.Attempts, exception.Message);
            return RefundState.None;
        }
    }

    async Task MarkMadeAsync(Refund refund)
    {
        var change = database.Events.ChangeAndTell(
            """
            made as (
              update refunds set status = 'REFUNDED', settled_at = now()
              where refund_id = $5 and status = 'PENDING'
              returning payment_id, amount),
            changed as (
              update payments p
              set refunded_amount = p.refunded_amount + made.amount,
                  status = case when p.refunded_amount + made.amount = p.amount then 'REFUNDED' else p.status end
              from made
              where p.payment_id = made.payment_id
              returning 1)
            """, new PaymentRefunded(refund.PaymentId, refund.OrderId, refund.Amount, refund.Currency, refund.Reason, clock.GetUtcNow()));
        change.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = refund.RefundId });
        await database.ChangeAsync(change, CancellationToken.None);
    }

    /// <summary>The claim on the payment is given back with it.</summary>
    async Task MarkRefusedAsync(Refund refund)
    {
        Log.Refused(logger, refund.RefundId, refund.PaymentId);
        await using var command = database.Source.CreateCommand(
            """
            with refused as (
              update refunds set status = 'FAILED', settled_at = now()
              where refund_id = $1 and status = 'PENDING'
              returning payment_id, amount)
            update payments p set refund_claimed = p.refund_claimed - refused.amount from refused where p.payment_id = refused.payment_id
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = refund.RefundId });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    /// <summary>What is due already stays so: a hint of the provider has come since this attempt began.</summary>
    async Task AskLaterAsync(Refund refund)
    {
        var pause = options.AskAgainAfter * Math.Min(1 << Math.Min(refund.Attempts - 1, 6), 60);
        await using var command = database.Source.CreateCommand("update refunds set next_attempt_at = now() + $2 where refund_id = $1 and status = 'PENDING' and next_attempt_at > now()");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = refund.RefundId });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = pause });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    static partial class Log
    {
        [LoggerMessage(71, LogLevel.Warning, "Refund {RefundId}: the provider's answer to attempt {Attempt} is not known, and is asked for again: {Reason}")]
        public static partial void Unknown(ILogger logger, Guid refundId, int attempt, string reason);

        [LoggerMessage(72, LogLevel.Error, "Refund {RefundId} of payment {PaymentId} was refused by the provider")]
        public static partial void Refused(ILogger logger, Guid refundId, Guid paymentId);
    }
}
