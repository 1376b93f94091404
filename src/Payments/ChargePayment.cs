using System.Collections.Concurrent;
using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Contracts.Payments;
using Rosa.Payments.Provider;
using Rosa.Platform.Database;
using Rosa.Platform.Resilience;

namespace Rosa.Payments;

/// <summary>
/// Brings a recorded payment to its end: asks the provider under the payment's id, and marks what it answers together with the
/// event. An outcome that is not known is never guessed: the payment stays PENDING and is asked about again.
/// </summary>
/// <remarks>
/// An attempt does not end with the request that began it: once the provider may have the money, the answer is waited for. On a stop
/// the attempts under way get as long as their callers would have waited; the rest is resolved after the next start.
/// </remarks>
sealed partial class ChargePayment(
    ServiceDatabase database, IPaymentProvider provider, IOptions<PaymentsOptions> options, TimeProvider clock, ILogger<ChargePayment> logger) : IHostedService, IDisposable
{
    /// <summary>A charge in processing is asked about ever less often: its provider will say when there is news, and asking is for when that gets lost.</summary>
    static readonly TimeSpan longestPause = TimeSpan.FromSeconds(30);

    readonly PaymentsOptions options = options.Value;
    readonly ConcurrentDictionary<Guid, Task<Payment>> underWay = new();
    readonly CancellationTokenSource stopping = new();

    /// <summary>For how long an attempt that was begun is nobody else's business.</summary>
    public TimeSpan Lease => options.ProviderTimeout + TimeSpan.FromSeconds(1);

    /// <summary>Makes one attempt. The payment is PENDING still when the provider's answer stays unknown.</summary>
    public Task<Payment> AttemptAsync(Payment payment)
    {
        var attempt = RunAsync(payment);
        if (attempt.IsCompleted) return attempt;
        underWay[payment.PaymentId] = attempt;
        attempt.ContinueWith(
            (_, id) => underWay.TryRemove((Guid)id!, out var _), payment.PaymentId, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        return attempt;
    }

    /// <summary>Makes one attempt, and waits for it no longer than <see cref="PaymentsOptions.AnswerWithin"/>; the attempt goes on after that.</summary>
    public async Task<Payment> AnswerAsync(Payment payment, CancellationToken cancellationToken)
    {
        var attempt = AttemptAsync(payment);
        try
        {
            return await attempt.WaitAsync(options.AnswerWithin, clock, cancellationToken);
        }
        catch (TimeoutException) when (!attempt.IsFaulted)
        {
            return payment;
        }
    }

    /// <summary>
    /// The outcome of an attempt that somebody else makes, or the payment as it is when <see cref="PaymentsOptions.AnswerWithin"/> has passed. One that
    /// has been waited for before is not waited for again: <see cref="DecidedLate"/> tells what becomes of it.
    /// </summary>
    public async Task<Payment> OutcomeAsync(Payment payment, CancellationToken cancellationToken)
    {
        if (clock.GetUtcNow() - payment.CreatedAt > Lease) return payment;
        var began = clock.GetTimestamp();
        for (var pause = TimeSpan.FromMilliseconds(10); payment.Status == Payment.Pending; pause = Shorter(pause * 2, TimeSpan.FromMilliseconds(200)))
        {
            var left = options.AnswerWithin - clock.GetElapsedTime(began);
            if (left <= TimeSpan.Zero) break;
            if (underWay.TryGetValue(payment.PaymentId, out var attempt)) await Task.WhenAny(attempt, Task.Delay(left, clock, cancellationToken));
            else await Task.Delay(Shorter(pause, left), clock, cancellationToken);
            payment = (await Payment.FindAsync(database.Source, payment.OrderId, cancellationToken))!;
        }
        return payment;
    }

    async Task<Payment> RunAsync(Payment payment)
    {
        CrashPoint.Here("payments.provider.before");
        var charge = await AskAsync(payment);
        CrashPoint.Here("payments.provider.after");
        var settled = await SettleAsync(payment, charge);
        CrashPoint.Here("payments.captured.after");
        return settled;
    }

    /// <summary>What became of the charge; null when nobody knows.</summary>
    async Task<ProviderCharge?> AskAsync(Payment payment)
    {
        try
        {
            if (payment.VoidRequested || clock.GetUtcNow() - payment.CreatedAt > options.GiveUpAfter)
            {
                return await WithinAsync(options.ProviderTimeout, token => provider.VoidAsync(payment.PaymentId, token));
            }
            if (payment.Attempts > 1)
            {
                var known = await WithinAsync(options.ProviderTimeout, token => provider.FindChargeAsync(payment.PaymentId, token));
                if (known.State != ChargeState.None) return known;
            }
            return await ChargeAsync(new ChargeOrder(payment.PaymentId, payment.OrderId.ToString(), payment.Amount, payment.Currency, payment.CardToken!));
        }
        catch (Exception exception)
        {
            Log.Unknown(logger, payment.PaymentId, payment.Attempts, exception.Message);
            return null;
        }
    }

    /// <summary>Repeats what the provider fails; when it goes on failing, the charge is voided, so that none of the tries can take the money later.</summary>
    async Task<ProviderCharge> ChargeAsync(ChargeOrder order)
    {
        for (var tried = 1; ; tried++)
        {
            try
            {
                return await WithinAsync(options.ProviderTimeout, token => provider.ChargeAsync(order, token));
            }
            catch (ProviderException) when (tried < options.ProviderTries)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(30, 60) << tried), clock, stopping.Token);
            }
            catch (ProviderException)
            {
                return await WithinAsync(options.ProviderTimeout, token => provider.VoidAsync(order.Key, token));
            }
        }
    }

    async Task<T> WithinAsync<T>(TimeSpan limit, Func<CancellationToken, Task<T>> call)
    {
        using var cut = CancellationTokenSource.CreateLinkedTokenSource(stopping.Token);
        cut.CancelAfter(limit);
        return await call(cut.Token);
    }

    Task<Payment> SettleAsync(Payment payment, ProviderCharge? charge)
    {
        var now = clock.GetUtcNow();
        return charge?.State switch
        {
            ChargeState.Captured => MarkAsync(payment, Payment.Captured, reason: null,
                new PaymentProcessed(payment.PaymentId, payment.OrderId, payment.Amount, payment.Currency, now)),
            ChargeState.Declined => MarkAsync(payment, Payment.Declined, charge.Reason,
                new PaymentFailed(payment.PaymentId, payment.OrderId, payment.Amount, payment.Currency, Payment.Declined, now)),
            ChargeState.Voided => MarkAsync(payment, Payment.Failed, WhyFailed(payment),
                new PaymentFailed(payment.PaymentId, payment.OrderId, payment.Amount, payment.Currency, Payment.Failed, now)),
            _ => AskLaterAsync(payment, stillProcessing: charge?.State == ChargeState.Processing),
        };
    }

    string WhyFailed(Payment payment) =>
        payment.VoidRequested ? Payment.VoidedReason :
        clock.GetUtcNow() - payment.CreatedAt > options.GiveUpAfter ? Payment.ProviderTimeoutReason : Payment.ProviderErrorReason;

    /// <summary>The end of a payment and its event. Two attempts that end at once mark the same, and the first one tells it.</summary>
    async Task<Payment> MarkAsync<TEvent>(Payment payment, string status, string? reason, TEvent happened) where TEvent : Contracts.IEvent
    {
        var change = database.Events.ChangeAndTell(
            """
            changed as (
              update payments
              set status = $6, reason = case when void_requested and $6 = 'FAILED' then 'VOIDED' else $7 end, card_token = null, settled_at = now()
              where payment_id = $5 and status = 'PENDING'
              returning 1)
            """, happened);
        change.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = payment.PaymentId });
        change.Parameters.Add(new NpgsqlParameter<string> { TypedValue = status });
        change.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = reason });
        return await ChangeAsync(change, payment, status) && status != Payment.Failed
            ? payment with { Status = status, Reason = reason, CardToken = null }
            : (await Payment.FindAsync(database.Source, payment.OrderId, CancellationToken.None))!;
    }

    /// <summary>The caller of a first attempt waits for it or asks again soon; of a later one, nobody may be waiting any more.</summary>
    async Task<bool> ChangeAsync(NpgsqlBatchCommand change, Payment payment, string status)
    {
        if (payment.Attempts == 1) return await database.ChangeAsync(change, CancellationToken.None);
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(change);
        batch.BatchCommands.Add(DecidedLate.TellIfSettledHere(database, payment, status, clock.GetUtcNow()));
        if (await batch.ExecuteNonQueryAsync(CancellationToken.None) == 0) return false;
        database.OutboxSignal.Wake();
        return true;
    }

    /// <summary>What is due already stays so: a hint of the provider has come since this attempt began.</summary>
    async Task<Payment> AskLaterAsync(Payment payment, bool stillProcessing)
    {
        var pause = stillProcessing
            ? Longer(options.AskAgainAfter, Shorter((clock.GetUtcNow() - payment.CreatedAt) / 10, longestPause))
            : options.AskAgainAfter * Math.Min(1 << Math.Min(payment.Attempts - 1, 4), 10);
        await using var command = database.Source.CreateCommand(
            $"update payments set next_attempt_at = now() + $2 where payment_id = $1 and status = 'PENDING' and next_attempt_at > now() returning {Payment.Columns}");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = payment.PaymentId });
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = pause });
        await using (var reader = await command.ExecuteReaderAsync(CancellationToken.None))
        {
            if (await reader.ReadAsync(CancellationToken.None)) return Payment.Read(reader);
        }
        return (await Payment.FindAsync(database.Source, payment.OrderId, CancellationToken.None))!;
    }

    static TimeSpan Shorter(TimeSpan a, TimeSpan b) => a < b ? a : b;

    static TimeSpan Longer(TimeSpan a, TimeSpan b) => a > b ? a : b;

    Task IHostedService.StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    async Task IHostedService.StopAsync(CancellationToken cancellationToken)
    {
        await Task.WhenAny(Task.WhenAll(underWay.Values), Task.Delay(options.AnswerWithin, clock, cancellationToken));
        await stopping.CancelAsync();
        Task ended = Task.WhenAll(underWay.Values);
        await ended.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    public void Dispose() => stopping.Dispose();

    static partial class Log
    {
        [LoggerMessage(70, LogLevel.Warning, "Payment {PaymentId}: the provider's answer to attempt {Attempt} is not known, and is asked for again: {Reason}")]
        public static partial void Unknown(ILogger logger, Guid paymentId, int attempt, string reason);
    }
}
