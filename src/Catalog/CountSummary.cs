using Microsoft.Extensions.Options;
using Npgsql;

namespace Rosa.Catalog;

/// <summary>Sums up the rows of <c>product_counts</c>, which every change of the assortment adds to, to one a category.</summary>
sealed partial class CountSummary(NpgsqlDataSource source, IOptions<CatalogOptions> options, TimeProvider clock, ILogger<CountSummary> logger) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CountsSummedUpEvery, clock);
        try
        {
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
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        // Each row is deleted by one instance only, and whoever deletes it puts its sum back in the same statement.
        await using var command = source.CreateCommand(
            """
            with counted as (
              delete from product_counts
              where ctid = any(array(
                select ctid from product_counts
                where category in (select category from product_counts group by category having count(*) > 1)
                for update skip locked))
              returning category, products, in_stock
            )
            insert into product_counts (category, products, in_stock) select category, sum(products), sum(in_stock) from counted group by category
            """);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static partial class Log
    {
        [LoggerMessage(111, LogLevel.Warning, "Product counts could not be summed up and are tried again: {Reason}")]
        public static partial void Failed(ILogger logger, string reason);
    }
}
