using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Contracts.Payments;
using Rosa.Payments.Provider;
using Rosa.Platform.Database;

namespace Rosa.Payments;

/// <summary>
/// Asks the provider about a payment that ended without money and of which there is news. Money that was taken after all is entered and told: whoever
/// knows the order gives it back, or delivers for it.
/// </summary>
sealed partial class LookAgain(ServiceDatabase database, IPaymentProvider provider, IOptions<PaymentsOptions> options, TimeProvider clock, ILogger<LookAgain> logger)
{
    /// <summary>Looks once. When the provider does not answer, it is looked at again after the lease.</summary>
    public async Task AttemptAsync(Payment payment)
    {
        ProviderCharge charge;
        try
        {
            using var cut = new CancellationTokenSource(options.Value.ProviderTimeout);
            charge = await provider.FindChargeAsync(payment.PaymentId, cut.Token);
        }
        catch (Exception exception)
        {
            Log.Unknown(logger, payment.PaymentId, exception.Message);
            return;
        }

        if (charge.State == ChargeState.Captured && await EnterAsync(payment)) Log.CameLate(logger, payment.PaymentId, payment.OrderId, payment.Status);
        else await ForgetAsync(payment);
    }

    /// <summary>The provider has taken the money after all. Told once, however many see it.</summary>
    async Task<bool> EnterAsync(Payment payment)
    {
        var now = clock.GetUtcNow();
        var entered = database.Events.ChangeAndTell(
            """
            changed as (
              update payments set status = 'CAPTURED', reason = null, look_again_at = null, settled_at = now()
              where payment_id = $5 and status in ('DECLINED', 'FAILED')
              returning 1)
            """, new PaymentProcessed(payment.PaymentId, payment.OrderId, payment.Amount, payment.Currency, now));
        entered.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = payment.PaymentId });

        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(entered);
        batch.BatchCommands.Add(DecidedLate.TellIfSettledHere(database, payment, Payment.Captured, now));
        if (await batch.ExecuteNonQueryAsync(CancellationToken.None) == 0) return false;
        database.OutboxSignal.Wake();
        return true;
    }

    /// <summary>Nothing new; unless there is another hint since this one was taken up, or somebody has taken that up and might die over it.</summary>
    async Task ForgetAsync(Payment payment)
    {
        await using var command = database.Source.CreateCommand("update payments set look_again_at = null where payment_id = $1 and attempts = $2 and look_again_at > now()");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = payment.PaymentId });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = payment.Attempts });
        await command.ExecuteNonQueryAsync(CancellationToken.None);
    }

    static partial class Log
    {
        [LoggerMessage(74, LogLevel.Warning, "Payment {PaymentId}: there is news of it and the provider does not answer; it is asked again: {Reason}")]
        public static partial void Unknown(ILogger logger, Guid paymentId, string reason);

        [LoggerMessage(75, LogLevel.Warning, "Payment {PaymentId} of order {OrderId} was {Status}, and its money came late: it goes back unless the order was delivered for it")]
        public static partial void CameLate(ILogger logger, Guid paymentId, Guid orderId, string status);
    }
}

/// <summary>Tells whoever was told <c>PENDING</c>, or that there is no money, that this has changed.</summary>
static class DecidedLate
{
    /// <summary>To follow, in one batch, on the statement that settles the payment: tells only when that one did it.</summary>
    public static NpgsqlBatchCommand TellIfSettledHere(ServiceDatabase database, Payment payment, string status, DateTimeOffset now)
    {
        // now() is the transaction's, so that the row has it only from this batch.
        var tell = database.Events.ChangeAndTell(
            "changed as (select 1 from payments where payment_id = $5 and settled_at = now())", new PaymentDecidedLate(payment.PaymentId, payment.OrderId, status, now));
        tell.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = payment.PaymentId });
        return tell;
    }
}
