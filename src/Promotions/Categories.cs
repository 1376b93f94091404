using System.Collections.Frozen;
using Rosa.Contracts.Catalog;
using Rosa.Platform.Resilience;

namespace Rosa.Promotions;

/// <summary>
/// The catalog's tree of categories as last heard of: a discount on a category is on all that lies below it. It is asked for beside the requests and never in
/// them; what was heard last counts while the catalog is down.
/// </summary>
sealed class Categories
{
    volatile FrozenDictionary<string, string[]>? paths;

    public void Replace(IEnumerable<KeyValuePair<string, string[]>> heard) => paths = heard.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>From the top of the tree down to the category itself; empty for none.</summary>
    public string[] PathOf(string? slug) =>
        string.IsNullOrEmpty(slug) ? []
        : paths is not { } known ? BySlug(slug)
        : known.TryGetValue(slug, out var path) ? path : [slug];

    /// <summary>Before the catalog was heard of: as the shop's own slugs are made, <c>dog-food</c> is below <c>dog</c>.</summary>
    static string[] BySlug(string slug)
    {
        var words = slug.Split('-');
        return [.. Enumerable.Range(1, words.Length).Select(count => string.Join('-', words.Take(count)))];
    }
}

/// <summary>Asks the catalog for its tree every few seconds.</summary>
sealed partial class CategoriesRefresh(ServiceGrpc services, Categories categories, TimeProvider clock, ILogger<CategoriesRefresh> logger) : BackgroundService
{
    static readonly TimeSpan every = TimeSpan.FromSeconds(3);

    bool isDown;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await RunOnceAsync(stoppingToken);
            await Task.Delay(every, clock, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    public async Task RunOnceAsync(CancellationToken cancellationToken)
    {
        try
        {
            var answer = await services.CallAsync("catalog", CatalogGrpc.GetCategories, new GetCategoriesRequest(), cancellationToken);
            categories.Replace(answer.Categories.Select(category => KeyValuePair.Create(category.Slug, category.Path.ToArray())));
            if (isDown) Log.Heard(logger);
            isDown = false;
        }
        catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
        {
            if (!isDown) Log.NotHeard(logger, exception.Message);
            isDown = true;
        }
        catch (OperationCanceledException)
        {
            // The service stops.
        }
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "The catalog does not tell its categories, asked again every few seconds: {Reason}")]
        public static partial void NotHeard(ILogger logger, string reason);

        [LoggerMessage(2, LogLevel.Information, "The catalog tells its categories again")]
        public static partial void Heard(ILogger logger);
    }
}
