using Microsoft.Extensions.Options;
using Npgsql;

namespace Rosa.Orders;

/// <summary>Every hour forgets the carts that nobody has touched for <see cref="OrdersOptions.CartLifetime"/>.</summary>
public sealed partial class ForgetOldCarts(OrdersDb db, IOptions<OrdersOptions> options, TimeProvider clock, ILogger<ForgetOldCarts> logger) : BackgroundService
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

    public async Task<int> RunOnceAsync(CancellationToken cancellationToken)
    {
        await using var command = db.Source.CreateCommand(
            """
            delete from cart_lines line
            where changed_at < now() - $1
              and not exists (select from cart_lines other where other.owner = line.owner and other.is_guest = line.is_guest and other.changed_at >= now() - $1)
            """);
        command.Parameters.Add(new NpgsqlParameter<TimeSpan> { TypedValue = options.Value.CartLifetime });
        return await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(120, LogLevel.Warning, "Forgetting old carts failed and is tried again in an hour: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
