using Rosa.Cli.Load;
using Rosa.Cli.Report;
using Rosa.Cli.Seed;

namespace Rosa.Cli.Bench.Figures;

/// <summary>What becomes of the figures as the shop grows.</summary>
static class Growth
{
    const int Connections = 8;

    public static readonly Figure Figure = new(
        "growth", "How cost grows",
        "On a shop of its own. wrk, 2 threads, 8 connections at the catalog, without a cache: 120 lists, 1,000 products, and searches for 12 words, in turn, at each size of the catalog; the ratio is of the p50 at the largest to that at the smallest. "
        + "And the checkout loop on 1,000 products, before and after a history of past orders is loaded behind it.",
        MeasureAsync, Plot);

    static async Task<IReadOnlyList<Result>> MeasureAsync(BenchRun run)
    {
        await run.CloseShopAsync();
        await using var rosa = run.NewInstance();
        run.Say("growth: starting a Rosa of its own");
        await rosa.UpAsync(run.Cancelled);

        var sizes = run.Times.CatalogSizes;
        var p50 = new Dictionary<string, List<double>> { ["list"] = [], ["detail"] = [], ["search"] = [] };
        Result? checkout = null;
        foreach (var size in sizes)
        {
            run.Say($"growth: loading {size:N0} products");
            await GeneratedProducts.LoadAsync(rosa.Databases, size, BenchRun.InStock, run.Cancelled);
            var products = await ShopProducts.ReadAsync(rosa.Addresses.Http("catalog"), BenchRun.Products, run.Cancelled);
            if (products.Total != size) throw new BenchFailure($"The shop lists {products.Total} products and not {size}.");
            foreach (var (kind, paths) in Kinds(products))
            {
                run.Say($"growth: {kind} among {size:N0} products");
                var wrk = await run.WrkAsync();
                p50[kind].Add((await wrk.GetAsync(rosa.Addresses.Http("catalog"), paths, Connections, run.Times.WarmUp, run.Times.Read, run.Cancelled)).P50Ms);
            }
            checkout ??= await CheckoutAsync(run, rosa, products.Ids);
        }
        return [.. p50.Select(kind => ResultOf(kind.Key, sizes, kind.Value)), checkout!];
    }

    static IEnumerable<(string Kind, IReadOnlyList<string> Paths)> Kinds(ShopProducts products)
    {
        string[] words = ["chat", "chien", "croquettes", "jouet", "oiseau", "poisson", "laisse", "coussin", "brosse", "friandises", "gamelle", "cage"];
        yield return ("list", products.ListPaths());
        yield return ("detail", products.DetailPaths());
        yield return ("search", [.. words.Select(word => $"/api/products?limit=20&search={word}")]);
    }

    static async Task<Result> CheckoutAsync(BenchRun run, RosaInstance rosa, IReadOnlyList<Guid> products)
    {
        run.Say("growth: checkout without a history");
        var before = await JourneyLoad.RunAsync(rosa.Addresses, products, run.Times.JourneyWarmUp, run.Times.Journey, run.Cancelled);
        run.Say($"growth: loading {run.Times.PastOrders:N0} past orders");
        await PastOrders.LoadAsync(rosa.Databases, run.Times.PastOrders, run.Say, run.Cancelled);
        run.Say($"growth: checkout with {run.Times.PastOrders:N0} orders behind it");
        var after = await JourneyLoad.RunAsync(rosa.Addresses, products, run.Times.JourneyWarmUp, run.Times.Journey, run.Cancelled);
        return new Result("growth-checkout",
            new("past_orders", run.Times.PastOrders),
            new("orders_per_s_before", before.PerSecond),
            new("orders_per_s", after.PerSecond),
            new("p99_ms_before", before.Times.Milliseconds(0.99)),
            new("p99_ms", after.Times.Milliseconds(0.99)),
            new("ratio", after.PerSecond / before.PerSecond, Goal.Least(0.9)));
    }

    static Result ResultOf(string kind, IReadOnlyList<int> sizes, List<double> p50) => new($"growth-{kind}",
        [.. sizes.Zip(p50, (size, ms) => new Value($"p50_ms_{size}", ms)), new("ratio", p50[^1] / p50[0], Goal.Most(1.5))]);

    static BarPlot Plot(IReadOnlyList<Result> results) => new("p50 in milliseconds, by the number of products",
        [.. results.Where(result => result.Figure != "growth-checkout").SelectMany(result => result.Values.SkipLast(1).Select(value =>
            new Bar($"{result.Figure["growth-".Length..]}, {int.Parse(value.Name["p50_ms_".Length..]):N0}", value.Number, Ours: true)))]);
}
