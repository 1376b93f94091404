using Microsoft.Extensions.Options;
using Npgsql;
using Rosa.Contracts.Promotions;
using Rosa.Platform.Resilience;

namespace Rosa.Catalog;

/// <summary>
/// Asks Promotions for the automatic discounts every few seconds, beside the requests and never in them. While Promotions is
/// down the last known ones count for a minute, then none.
/// </summary>
sealed partial class DiscountRefresh(
    ServiceGrpc services, NpgsqlDataSource source, Discounts discounts, IOptions<CatalogOptions> options, TimeProvider clock, ILogger<DiscountRefresh> logger) : BackgroundService
{
    DateTimeOffset heardAt = clock.GetUtcNow();
    bool isDown;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await RunOnceAsync(stoppingToken);
            await Task.Delay(options.Value.DiscountsRefreshEvery, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await services.CallAsync("promotions", PromotionsGrpc.ActiveDiscounts, new ActiveDiscountsRequest(), cancellationToken);
            var active = answer.Discounts.Select(ToDiscount).ToList();
            discounts.Replace(active, active.Count > 0 ? await PathsAsync(cancellationToken) : new Dictionary<string, string[]>());
            heardAt = clock.GetUtcNow();
            if (isDown) Log.Heard(logger);
            isDown = false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (!isDown) Log.NotHeard(logger, exception.Message);
            isDown = true;
            if (clock.GetUtcNow() - heardAt >= options.Value.DiscountsKeptFor) discounts.Clear();
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    static Discount ToDiscount(AutomaticDiscount discount) => new(
        discount.Category is { Length: > 0 } category ? category : null,
        discount.DiscountBasisPoints,
        discount.DiscountCents / 100m,
        discount.ValidUntilMilliseconds > 0 ? DateTimeOffset.FromUnixTimeMilliseconds(discount.ValidUntilMilliseconds) : null);

    async Task<Dictionary<string, string[]>> PathsAsync(CancellationToken cancellationToken)
    {
        var paths = new Dictionary<string, string[]>();
        await using var command = source.CreateCommand("select slug, path from categories");
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) paths[reader.GetString(0)] = reader.GetFieldValue<string[]>(1);
        return paths;
    }

    static partial class Log
    {
        [LoggerMessage(100, LogLevel.Warning, "Promotions does not tell its automatic discounts: {Reason}")]
        public static partial void NotHeard(ILogger logger, string reason);

        [LoggerMessage(101, LogLevel.Information, "Promotions tells its automatic discounts again")]
        public static partial void Heard(ILogger logger);
    }
}
