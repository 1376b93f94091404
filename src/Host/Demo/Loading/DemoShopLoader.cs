using Npgsql;

namespace Rosa.Host.Demo;

/// <summary>
/// Fills the services' databases: an empty shop with Mamie Rosa's, and any shop with products by the hundred thousand,
/// for benches.
/// </summary>
/// <remarks>
/// This is the one place that knows the tables of several services. It writes what they would have written, by COPY. Each database
/// is filled in one transaction together with a mark of it (<see cref="LoadedPart"/>), so that a run that was killed half way is
/// finished by the next one, and one that was not is not repeated.
/// </remarks>
/// <param name="connectionStrings">By the service's name; a service that is not among them is left out.</param>
/// <param name="anotherSeed">The shop of another seed than everybody's.</param>
sealed class DemoShopLoader(IReadOnlyDictionary<string, string> connectionStrings, TimeProvider clock, DemoSeed? anotherSeed = null)
{
    readonly DemoSeed seed = anotherSeed ?? DemoSeed.Default;

    /// <summary>Loads the demo shop into databases that are empty but for it.</summary>
    /// <param name="password">Of every demo customer.</param>
    /// <returns>False when there was nothing to load: it is there already, or the shop is somebody's own.</returns>
    public async Task<bool> LoadAsync(string password, CancellationToken cancellationToken)
    {
        var loaded = await Task.WhenAll(connectionStrings.Values.Select(database => LoadedPart.LoadedAsOfAsync(database, LoadedPart.Shop, cancellationToken)));
        if (loaded.All(asOf => asOf is not null)) return false;

        // A run that died half way has decided what "now" is for all of the shop.
        var begun = loaded.FirstOrDefault(asOf => asOf is not null);
        if (begun is null && !await IsEmptyAsync(cancellationToken)) return false;
        var asOf = begun ?? WholeSecond(clock.GetUtcNow());

        var shop = DemoShop.Create(seed, asOf);
        var sales = PastSale.Of(shop, seed);
        var work = new (string Service, Func<NpgsqlConnection, Task> LoadAsync)[]
        {
            ("users", connection => UserRows.LoadAsync(connection, shop, password, cancellationToken)),
            ("catalog", connection => CatalogRows.LoadAsync(connection, shop.Catalog, sales, asOf, cancellationToken)),
            ("promotions", connection => PromotionRows.LoadAsync(connection, shop.Promotions, sales, cancellationToken)),
            ("payments", connection => PaymentRows.LoadAsync(connection, sales, cancellationToken)),
            ("orders", connection => OrderRows.LoadAsync(connection, sales, cancellationToken)),
            ("notifications", connection => NotificationRows.LoadAsync(connection, shop, sales, cancellationToken)),
            ("recommendations", connection => RecommendationRows.LoadAsync(connection, shop, sales, cancellationToken)),
        };
        await Task.WhenAll(work.Where(part => connectionStrings.ContainsKey(part.Service)).Select(part => LoadedPart.LoadAsync(
            connectionStrings[part.Service], LoadedPart.Shop, asOf, wanted: 1, (connection, _) => part.LoadAsync(connection), cancellationToken)));
        return true;
    }

    /// <summary>Brings the generated products to this number, beside whatever else the shop sells. The n-th is always the same.</summary>
    /// <param name="progress">Told how many there are.</param>
    public Task LoadProductsAsync(int count, IProgress<int>? progress, CancellationToken cancellationToken) =>
        GeneratedProductRows.LoadAsync(connectionStrings["catalog"], count, seed, clock.GetUtcNow(), progress, cancellationToken);

    /// <summary>Whether nobody sells or has sold anything here.</summary>
    async Task<bool> IsEmptyAsync(CancellationToken cancellationToken)
    {
        foreach (var (service, table) in new[] { ("catalog", "products"), ("orders", "order_events") })
        {
            if (!connectionStrings.TryGetValue(service, out var database)) continue;
            await using var connection = await LoadedPart.ConnectAsync(database, cancellationToken);
            await using var command = new NpgsqlCommand($"select exists (select from {table})", connection);
            if ((bool)(await command.ExecuteScalarAsync(cancellationToken))!) return false;
        }
        return true;
    }

    // What PostgreSQL keeps and what documents say are the same then.
    static DateTimeOffset WholeSecond(DateTimeOffset time) => new(time.UtcTicks / TimeSpan.TicksPerSecond * TimeSpan.TicksPerSecond, TimeSpan.Zero);
}
