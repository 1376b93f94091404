using Rosa.Cli.Load;
using Rosa.Cli.Seed;

namespace Rosa.Cli.Bench.Figures;

/// <summary>The same shop in one process and as many: what being many costs, and what Caddy in front of it costs.</summary>
static class Scale
{
    const int Connections = 32;

    public static readonly Figure Figure = new(
        "scale", "One process and many",
        "The checkout loop of 16 customers and the list of twenty (wrk, 32 connections), first on `./rosa up`, then on `./rosa up --distributed` through Caddy, on the same machine: both have the same cores, so that "
        + "being many can only cost. CPU is that of all processes with PostgreSQL, RabbitMQ, Redis and Caddy; memory is the proportional set of all but PostgreSQL after the load. "
        + "The limit is the processor in both. As many processes an order costs more because its events go through RabbitMQ in place of memory, each of the 22 services' processes has its own timers, pools "
        + "and garbage, and group commits of three instances hold fewer orders than those of one. A list that the gateway has in its cache costs Caddy (2.6) ten times what it costs the gateway: its proxying "
        + "itself, as it answers 40,000 requests a second without one; its log, compression and health checks were each tried without, and are not what takes the time.",
        MeasureAsync);

    static async Task<IReadOnlyList<Result>> MeasureAsync(BenchRun run)
    {
        await run.CloseShopAsync();
        var one = await MeasureAsync(run, "scale-one", distributed: false);
        var many = await MeasureAsync(run, "scale-many", distributed: true);
        return [one, new Result(many.Figure, [.. many.Values, new Value("orders_ratio", many["orders_per_s"] / one["orders_per_s"]), new Value("list_ratio", many["list_rps"] / one["list_rps"])])];
    }

    static async Task<Result> MeasureAsync(BenchRun run, string figure, bool distributed)
    {
        run.Say($"{figure}: starting");
        await using var rosa = run.NewInstance(distributed);
        var start = await rosa.UpAsync(run.Cancelled);
        await GeneratedProducts.LoadAsync(rosa.Databases, BenchRun.Products, BenchRun.InStock, run.Cancelled);
        var products = (await ShopProducts.ReadAsync(rosa.Addresses.Http("catalog"), BenchRun.Products, run.Cancelled)).Ids;

        run.Say($"{figure}: the list of twenty");
        var wrk = await run.WrkAsync();
        const string list = "/api/products?limit=20";
        var entered = await wrk.GetAsync(new Uri(rosa.Addresses.Gateway, list), Connections, run.Times.WarmUp, run.Times.Read, run.Cancelled);
        // In one process the two are the same address.
        var gateway = await wrk.GetAsync(new Uri(rosa.Addresses.Http("gateway"), list), Connections, run.Times.WarmUp, run.Times.Read, run.Cancelled);

        run.Say($"{figure}: checkout");
        var cpu = CpuMeter.Of(rosa.Addresses);
        var orders = await JourneyLoad.RunAsync(rosa.Addresses, products, run.Times.JourneyWarmUp, run.Times.Journey, run.Cancelled, cpu);
        var count = orders.Times.Count;
        var memory = rosa.Addresses.Processes.Where(process => process.Name != "postgres").Sum(process => MemoryUse.OfProcess(process.Pid).Pss);
        return new Result(figure,
            new("up_s", start.TotalSeconds),
            new("processes", rosa.Addresses.Processes.Count),
            new("orders_per_s", orders.PerSecond),
            new("p99_ms", orders.Times.Milliseconds(0.99)),
            new("cpu_ms_per_order", (cpu?.Seconds ?? 0) * 1000 / count),
            new("cpu_ms_services", (cpu?.HostSeconds ?? 0) * 1000 / count),
            new("cpu_ms_postgres", (cpu?.PostgresSeconds ?? 0) * 1000 / count),
            new("memory_mb", memory),
            new("list_rps", entered.PerSecond),
            new("list_p99_ms", entered.P99Ms),
            new("gateway_list_rps", gateway.PerSecond));
    }
}
