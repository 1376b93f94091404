using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Payments;

/// <summary>
/// Takes up the payments and refunds whose last attempt is over without an answer, because the provider was silent, says later, or a process
/// died in the middle, and asks the provider again; and those of which the provider has news. Every instance runs it; each row is taken by one at a time.
/// </summary>
sealed partial class ResolveUnknownOutcomes(
    ServiceDatabase database, ChargePayment charge, MakeRefund make, LookAgain look, IOptions<PaymentsOptions> options, ILogger<ResolveUnknownOutcomes> logger) : BackgroundService
{
    /// <summary>Attempts under way. A silent provider holds one for seconds, and the others go on.</summary>
    const int MostAtOnce = 60;

    readonly OutboxSignal hinted = new();

    /// <summary>There is something due now.</summary>
    public void Wake() => hinted.Wake();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var underWay = new List<Task>();
        try
        {
            while (!stoppingToken.IsCancellationRequested)
            {
                underWay.RemoveAll(attempt => attempt.IsCompleted);
                if (underWay.Count >= MostAtOnce) await Task.WhenAny(underWay).WaitAsync(stoppingToken);
                else if (await BeginAsync(underWay, stoppingToken) == 0) await hinted.WaitAsync(options.Value.ResolveEvery, stoppingToken);
            }
        }
        finally
        {
            await Task.WhenAll(underWay);
        }
    }

    /// <summary>Begins to ask about what is due now, as far as there is room. Returns how many that were.</summary>
    async Task<int> BeginAsync(List<Task> underWay, CancellationToken cancellationToken)
    {
        var before = underWay.Count;
        try
        {
            foreach (var payment in await ClaimPaymentsAsync(MostAtOnce - underWay.Count, cancellationToken)) underWay.Add(WatchAsync(charge.AttemptAsync(payment)));
            foreach (var refund in await ClaimRefundsAsync(MostAtOnce - underWay.Count, cancellationToken)) underWay.Add(WatchAsync(make.AttemptAsync(refund)));
            foreach (var payment in await ClaimLooksAsync(MostAtOnce - underWay.Count, cancellationToken)) underWay.Add(WatchAsync(look.AttemptAsync(payment)));
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            Log.Interrupted(logger, exception.Message);
            return 0;
        }
        return underWay.Count - before;
    }

    /// <summary>What an attempt could not write down is taken up again when its lease is over.</summary>
    async Task WatchAsync(Task attempt)
    {
        try
        {
            await attempt;
        }
        catch (Exception exception)
        {
            Log.Interrupted(logger, exception.Message);
        }
    }

    async Task<List<Payment>> ClaimPaymentsAsync(int most, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            $"""
            update payments set next_attempt_at = now() + $1, attempts = attempts + 1
            where payment_id in (
              select payment_id from payments
              where status = 'PENDING' and next_attempt_at <= now()
              order by next_attempt_at limit $2
              for update skip locked)
            returning {Payment.Columns}
            """);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = charge.Lease });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most });
        var claimed = new List<Payment>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) claimed.Add(Payment.Read(reader));
        return claimed;
    }

    async Task<List<Refund>> ClaimRefundsAsync(int most, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            $"""
            update refunds r set next_attempt_at = now() + $1, attempts = r.attempts + 1
            from payments p
            where p.payment_id = r.payment_id and r.refund_id in (
              select refund_id from refunds
              where status = 'PENDING' and next_attempt_at <= now()
              order by next_attempt_at limit $2
              for update skip locked)
            returning {Refund.Columns}
            """);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = make.Lease });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most });
        var claimed = new List<Refund>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) claimed.Add(Refund.Read(reader));
        return claimed;
    }

    async Task<List<Payment>> ClaimLooksAsync(int most, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            $"""
            update payments set look_again_at = now() + $1, attempts = attempts + 1
            where payment_id in (
              select payment_id from payments
              where look_again_at <= now()
              order by look_again_at limit $2
              for update skip locked)
            returning {Payment.Columns}
            """);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = charge.Lease });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = most });
        var claimed = new List<Payment>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) claimed.Add(Payment.Read(reader));
        return claimed;
    }

    static partial class Log
    {
        [LoggerMessage(73, LogLevel.Warning, "Resolving unknown outcomes was interrupted and goes on: {Reason}")]
        public static partial void Interrupted(ILogger logger, string reason);
    }
}
