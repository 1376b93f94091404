using Rosa.Cli.Load;

namespace Rosa.Cli.Bench.Figures;

/// <summary>Everybody buys the same thing.</summary>
static class HotProduct
{
    public static readonly Figure Figure = new(
        "hot-product", "One product bought by everybody",
        "The checkout loop twice: purchases spread over 1,000 products, then all of one product with plenty of stock. The ratio is of the second to the first; the books must agree after each.",
        MeasureAsync);

    static async Task<IReadOnlyList<Result>> MeasureAsync(BenchRun run)
    {
        var rosa = (await run.ShopAsync()).Addresses;
        var products = (await ShopProducts.ReadAsync(rosa.Http("catalog"), BenchRun.Products, run.Cancelled)).Ids;

        run.Say("hot-product: spread over 1,000 products");
        var spread = await JourneyLoad.RunAsync(rosa, products, run.Times.JourneyWarmUp, run.Times.Journey, run.Cancelled);
        run.Say("hot-product: one product");
        var hot = await JourneyLoad.RunAsync(rosa, [products[0]], run.Times.JourneyWarmUp, run.Times.Journey, run.Cancelled);

        return [new Result("hot-product",
            new("orders_per_s", hot.PerSecond),
            new("p50_ms", hot.Times.Milliseconds(0.5)),
            new("p99_ms", hot.Times.Milliseconds(0.99)),
            new("spread_orders_per_s", spread.PerSecond),
            new("ratio", hot.PerSecond / spread.PerSecond, Goal.Least(0.5)))];
    }
}
