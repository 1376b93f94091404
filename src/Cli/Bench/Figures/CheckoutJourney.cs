using Rosa.Cli.Load;
using Rosa.Cli.Report;

namespace Rosa.Cli.Bench.Figures;

/// <summary>The journey that earns the money: a product into the cart, and the order with its whole saga.</summary>
static class CheckoutJourney
{
    public static readonly Figure Figure = new(
        "checkout", "Checkout",
        "A closed loop of 16 signed-in customers, each of whom puts one of 1,000 products into the cart and orders it through the gateway (`PUT /api/cart/items/{id}`, `POST /api/orders` with an `Idempotency-Key`): order, stock, payment and confirmation, "
        + "with a durable commit wherever something is promised. The time is that of the order. The CPU is the host's and PostgreSQL's; the customers run in the bench's own process, whose CPU is not counted but which shares the cores. "
        + "Afterwards orders, payments and stock are counted in their databases and must agree with what the customers were told. Bare: `pgbench -N -M prepared` with 16 clients in the same PostgreSQL, a single durable transaction of one update and one insert.",
        MeasureAsync, Plot);

    static async Task<IReadOnlyList<Result>> MeasureAsync(BenchRun run)
    {
        var shop = await run.ShopAsync();
        var products = (await ShopProducts.ReadAsync(shop.Addresses.Http("catalog"), BenchRun.Products, run.Cancelled)).Ids;

        run.Say($"checkout: {JourneyLoad.Customers} customers");
        var cpu = CpuMeter.Of(shop.Addresses);
        var orders = await JourneyLoad.RunAsync(shop.Addresses, products, run.Times.JourneyWarmUp, run.Times.Journey, run.Cancelled, cpu);
        run.Say("checkout: pgbench in the same PostgreSQL");
        var pgbench = await Pgbench.RunAsync(shop.Databases, JourneyLoad.Customers, run.Times.Journey, run.Cancelled);

        var count = orders.Times.Count;
        return [new Result("checkout",
            new("orders_per_s", orders.PerSecond, Goal.Least(500)),
            new("p50_ms", orders.Times.Milliseconds(0.5)),
            new("p99_ms", orders.Times.Milliseconds(0.99), Goal.Most(150)),
            new("cpu_ms_per_order", (cpu?.Seconds ?? 0) * 1000 / count, Goal.Most(4)),
            new("cpu_ms_host", (cpu?.HostSeconds ?? 0) * 1000 / count),
            new("cpu_ms_postgres", (cpu?.PostgresSeconds ?? 0) * 1000 / count),
            new("commits_per_order", orders.CommitsPerOrder),
            new("wal_kb_per_order", orders.WalPerOrder),
            new("pgbench_tps", pgbench),
            new("ratio", orders.PerSecond / pgbench))];
    }

    static BarPlot Plot(IReadOnlyList<Result> results) => new("Orders a second, 16 customers (logarithmic)",
    [
        new("Rosa", results[0]["orders_per_s"], Ours: true, Goal: 500),
        new("Vendure 3.7", 12.4),
        new("Medusa 2.21", 1.33),
        new("pgbench, one transaction", results[0]["pgbench_tps"]),
    ])
    { Logarithmic = true };
}
