using Microsoft.Extensions.Options;
using Npgsql;

namespace Rosa.Orders;

/// <summary>
/// Every hour forgets what is over: carts that nobody has touched for <see cref="OrdersOptions.CartLifetime"/>, the addresses of deleted customers whose
/// last order has ended, and old records of the shop's own work.
/// </summary>
sealed partial class ForgetWhatIsOver(OrdersDb db, ForgetUserWhenDeleted users, IOptions<OrdersOptions> options, TimeProvider clock, ILogger<ForgetWhatIsOver> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(TimeSpan.FromHours(1), clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await RunOnceAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception.Message);
            }
        }
    }

    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var batch = db.Source.CreateBatch();
        batch.BatchCommands.Add(new(
            """
            delete from cart_lines line
            where changed_at < now() - $1
              and not exists (select from cart_lines other where other.owner = line.owner and other.is_guest = line.is_guest and other.changed_at >= now() - $1)
            """)
        { Parameters = { new NpgsqlParameter<TimeSpan> { TypedValue = options.Value.CartLifetime } } });
        batch.BatchCommands.Add(new("delete from reconciliation_runs where ended_at < now() - interval '90 days'"));
        batch.BatchCommands.Add(new("delete from checkout_troubles where at < now() - interval '1 year'"));
        await batch.ExecuteNonQueryAsync(cancellationToken);
        await users.RunOnceAsync(cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(120, LogLevel.Warning, "Forgetting what is over failed and is tried again in an hour: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
