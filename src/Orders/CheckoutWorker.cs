using Microsoft.Extensions.Options;

namespace Rosa.Orders;

/// <summary>Takes up the sagas whose lease has passed: those of dead processes, and those that wait for somebody slow.</summary>
public sealed partial class CheckoutWorker(OrdersDb db, CheckoutRunner runner, IOptions<OrdersOptions> options, ILogger<CheckoutWorker> logger) : BackgroundService
{
    const int AtOnce = 16;
    static readonly TimeSpan pollEvery = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                while (await RunOnceAsync(stoppingToken) == AtOnce) { }
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Interrupted(logger, exception.Message);
            }
            await Task.Delay(pollEvery, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes up what is due, as far as it goes. Returns how many sagas that were.</summary>
    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        var due = await db.ClaimDueAsync(AtOnce, options.Value.Lease, cancellationToken);
        await Task.WhenAll(due.Select(ResumeAsync));
        return due.Count;
    }

    async Task ResumeAsync(CheckoutRun run)
    {
        try
        {
            var order = await db.LoadAsync(run.OrderId);
            await runner.ResumeAsync(run, order);
        }
        catch (Exception exception)
        {
            // Its lease passes, and it is taken up again.
            Log.ResumeFailed(logger, run.OrderId, exception);
        }
    }

    static partial class Log
    {
        [LoggerMessage(110, LogLevel.Warning, "Looking for checkouts to resume failed: {Reason}")]
        public static partial void Interrupted(ILogger logger, string reason);

        [LoggerMessage(111, LogLevel.Error, "Resuming the checkout of order {OrderId} failed and is tried again")]
        public static partial void ResumeFailed(ILogger logger, Guid orderId, Exception exception);
    }
}
