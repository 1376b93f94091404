using Rosa.Cli.Load;

namespace Rosa.Cli.Bench.Figures;

/// <summary>What all services hold together, in one process.</summary>
static class Memory
{
    public static readonly Figure Figure = new(
        "memory", "Memory",
        "The host with all services, five seconds after it is ready, and two seconds after loads of lists, products and checkouts, one after the other. RSS counts shared pages in full, PSS in parts; PostgreSQL's processes are told apart, by PSS, since they share their buffers.",
        MeasureAsync);

    static async Task<IReadOnlyList<Result>> MeasureAsync(BenchRun run)
    {
        if (!OperatingSystem.IsLinux()) throw new BenchFailure("Memory is read from /proc, which is Linux's.");
        var shop = await run.ShopAsync();
        run.Say("memory: a fresh start");
        await shop.DownAsync(run.Cancelled);
        await shop.UpAsync(run.Cancelled);
        await Task.Delay(TimeSpan.FromSeconds(5), run.Cancelled);
        var idle = Use(shop.Addresses);

        run.Say("memory: under load");
        await LoadAsync(run, shop.Addresses);
        await Task.Delay(TimeSpan.FromSeconds(2), run.Cancelled);
        var loaded = Use(shop.Addresses);

        return [new Result("memory",
            new("idle_mb", idle.Host.Rss, Goal.Most(150)),
            new("idle_pss_mb", idle.Host.Pss),
            new("loaded_mb", loaded.Host.Rss, Goal.Most(300)),
            new("loaded_pss_mb", loaded.Host.Pss),
            new("postgres_idle_mb", idle.Postgres.Pss),
            new("postgres_loaded_mb", loaded.Postgres.Pss))];
    }

    static (MemoryUse Host, MemoryUse Postgres) Use(RosaAddresses rosa) => (MemoryUse.OfProcess(rosa.Process("host")), MemoryUse.OfProcessAndChildren(rosa.Process("postgres")));

    static async Task LoadAsync(BenchRun run, RosaAddresses rosa)
    {
        var products = await ShopProducts.ReadAsync(rosa.Http("catalog"), BenchRun.Products, run.Cancelled);
        var wrk = await run.WrkAsync();
        await wrk.GetAsync(rosa.Gateway, products.ListPaths(), connections: 32, TimeSpan.Zero, run.Times.Read, run.Cancelled);
        await wrk.GetAsync(rosa.Gateway, products.DetailPaths(), connections: 32, TimeSpan.Zero, run.Times.Read, run.Cancelled);
        await wrk.GetAsync(rosa.Http("catalog"), products.ListPaths(), connections: 32, TimeSpan.Zero, run.Times.Read, run.Cancelled);
        await JourneyLoad.RunAsync(rosa, products.Ids, TimeSpan.Zero, run.Times.Journey, run.Cancelled);
    }
}
