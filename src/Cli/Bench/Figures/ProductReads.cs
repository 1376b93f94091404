using System.Net;
using System.Text.Json;
using Rosa.Cli.Load;
using Rosa.Cli.Report;

namespace Rosa.Cli.Bench.Figures;

/// <summary>The list of twenty and the product by id: through the gateway, which may answer from its cache, and at the catalog, which has none.</summary>
static class ProductReads
{
    const int Connections = 32;
    const string Method =
        "wrk, 2 threads, 32 connections. Through the gateway one address, which it may answer from its cache, beside Kestrel alone answering the same bytes. At the catalog, "
        + "which has no cache, {0} in turn, beside Kestrel and Npgsql alone running the same statement. Rosa and its ceiling are measured in two turns each, so that whatever else the machine does meets both.";

    public static readonly Figure List = new("list", "List of twenty products", string.Format(Method, "120 different lists"), run => MeasureAsync(run, "list", uncachedGoal: 6_000), PlotOf("Lists of twenty products a second"));

    public static readonly Figure Detail = new("detail", "Product by id", string.Format(Method, "1,000 products"), run => MeasureAsync(run, "detail", uncachedGoal: 9_000), PlotOf("Products by id a second"));

    static async Task<IReadOnlyList<Result>> MeasureAsync(BenchRun run, string name, int uncachedGoal)
    {
        var shop = await run.ShopAsync();
        var rosa = shop.Addresses;
        var products = await ShopProducts.ReadAsync(rosa.Http("catalog"), BenchRun.Products, run.Cancelled);
        var one = new Uri(rosa.Gateway, name == "list" ? "/api/products?limit=20" : $"/api/products/{products.Ids[0]}");
        var many = name == "list" ? products.ListPaths() : products.DetailPaths();
        var wrk = await run.WrkAsync();
        var times = run.Times;

        await CheckAsync(one, products, run.Cancelled);
        run.Say($"{name}: through the gateway, and Kestrel answering the same bytes");
        WrkResult cached, bare;
        await using (var server = await BareServer.SameBytesAsync(new HttpRequestMessage(HttpMethod.Get, one), run.Cancelled))
        {
            var same = new Uri(server.Address, one.PathAndQuery);
            (cached, bare) = await Wrk.InTurnsAsync(
                (warmUp, time) => wrk.GetAsync(one, Connections, warmUp, time, run.Cancelled),
                (warmUp, time) => wrk.GetAsync(same, Connections, warmUp, time, run.Cancelled),
                times.WarmUp, times.Read);
        }
        await CheckAsync(one, products, run.Cancelled);

        var catalog = rosa.Http("catalog");
        foreach (var path in many.Take(5)) await CheckAsync(new Uri(catalog, path), products, run.Cancelled);
        run.Say($"{name}: at the catalog, {many.Count} different ones, and Kestrel and Npgsql running the same statements");
        WrkResult uncached, bareStatements;
        await using (var server = await BareServer.SameStatementsAsync(shop.Databases.ConnectionString("catalog"), run.Cancelled))
        {
            (uncached, bareStatements) = await Wrk.InTurnsAsync(
                (warmUp, time) => wrk.GetAsync(catalog, many, Connections, warmUp, time, run.Cancelled),
                (warmUp, time) => wrk.GetAsync(server.Address, many, Connections, warmUp, time, run.Cancelled),
                times.WarmUp, times.Read);
        }
        return [ResultOf(name, cached, bare, rpsGoal: 15_000), ResultOf(name + "-uncached", uncached, bareStatements, uncachedGoal)];
    }

    static Result ResultOf(string figure, WrkResult rosa, WrkResult bare, double rpsGoal) => new(figure,
        new("rps", rosa.PerSecond, Goal.Least(rpsGoal)),
        new("p50_ms", rosa.P50Ms),
        new("p99_ms", rosa.P99Ms),
        new("bare_rps", bare.PerSecond),
        new("ratio", rosa.PerSecond / bare.PerSecond, Goal.Least(0.5)));

    /// <summary>The answer is what was asked for: products of a page, or the product.</summary>
    static async Task CheckAsync(Uri url, ShopProducts products, CancellationToken cancellationToken)
    {
        using var http = LoadClient.To(url, connections: 1);
        using var answer = await http.GetAsync(url, cancellationToken);
        await LoadClient.MustBeAsync(answer, HttpStatusCode.OK, cancellationToken);
        using var json = JsonDocument.Parse(await answer.Content.ReadAsByteArrayAsync(cancellationToken));
        var good = json.RootElement.TryGetProperty("products", out var page)
            ? page.GetArrayLength() is > 0 and <= 20
            : products.Ids.Contains(json.RootElement.GetProperty("productId").GetGuid());
        if (!good) throw new BenchFailure($"{url} answered something else than was asked for.");
    }

    static Func<IReadOnlyList<Result>, BarPlot> PlotOf(string title) => results => new BarPlot(title,
    [
        new("through the gateway", results[0]["rps"], Ours: true, Goal: 15_000),
        new("Kestrel, same bytes", results[0]["bare_rps"]),
        new("at the catalog", results[1]["rps"], Ours: true, Goal: results[1].Values[0].Goal!.Bound),
        new("Kestrel and Npgsql, same statements", results[1]["bare_rps"]),
    ]);
}
