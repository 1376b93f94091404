using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Platform.Database;

namespace Rosa.Payments;

/// <summary>
/// Takes up the payments and refunds whose last attempt is over without an answer, because the provider was silent or a process
/// died in the middle, and asks the provider again. Every instance runs it; each row is taken by one at a time.
/// </summary>
sealed partial class ResolveUnknownOutcomes(
    ServiceDatabase database, ChargePayment charge, MakeRefund make, IOptions<PaymentsOptions> options, TimeProvider clock, ILogger<ResolveUnknownOutcomes> logger) : BackgroundService
{
    const int BatchSize = 50;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ResolveEvery, clock);
        do
        {
            try
            {
                while (await RunOnceAsync(stoppingToken) == BatchSize) { }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Interrupted(logger, exception.Message);
            }
        }
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    /// <summary>Asks once about what is due now, at most <see cref="BatchSize"/> of each kind. Returns the larger count of the two.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var payments = await ClaimPaymentsAsync(cancellationToken);
        var refunds = await ClaimRefundsAsync(cancellationToken);
        await Task.WhenAll([.. payments.Select(charge.AttemptAsync), .. refunds.Select(make.AttemptAsync)]);
        return Math.Max(payments.Count, refunds.Count);
    }

    async Task<List<Payment>> ClaimPaymentsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            $"""
            update payments set next_attempt_at = now() + $1, attempts = attempts + 1
            where payment_id in (
              select payment_id from payments
              where status = 'PENDING' and next_attempt_at <= now()
              order by next_attempt_at limit {BatchSize}
              for update skip locked)
            returning {Payment.Columns}
            """);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = charge.Lease });
        var claimed = new List<Payment>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) claimed.Add(Payment.Read(reader));
        return claimed;
    }

    async Task<List<Refund>> ClaimRefundsAsync(CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            $"""
            update refunds r set next_attempt_at = now() + $1, attempts = r.attempts + 1
            from payments p
            where p.payment_id = r.payment_id and r.refund_id in (
              select refund_id from refunds
              where status = 'PENDING' and next_attempt_at <= now()
              order by next_attempt_at limit {BatchSize}
              for update skip locked)
            returning {Refund.Columns}
            """);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = make.Lease });
        var claimed = new List<Refund>();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) claimed.Add(Refund.Read(reader));
        return claimed;
    }

    static partial class Log
    {
        [LoggerMessage(73, LogLevel.Warning, "Resolving unknown outcomes was interrupted and goes on: {Reason}")]
        public static partial void Interrupted(ILogger logger, string reason);
    }
}
