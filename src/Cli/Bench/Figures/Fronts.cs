using System.Net;
using Rosa.Cli.Load;
using Rosa.Cli.Report;

namespace Rosa.Cli.Bench.Figures;

/// <summary>The pages that people look at most: the storefront's home and a product, as a visitor without a session gets them.</summary>
static class Fronts
{
    const int Connections = 32;

    public static readonly Figure Figure = new(
        "fronts", "Pages of the storefront",
        "wrk, 2 threads, 32 connections, whole pages, rendered anew for each request but for what home shows to everybody between its header and its foot, which is rendered once for each answer. "
        + "Kept are the answers behind them: at the gateway, home, product and categories, at most 0.9 s; at the storefront, what home shows to everybody (1 s), cards of single products (3 s) and the tree of categories (20 s). "
        + "The time to the first byte is that of one more visitor, who asks one page after the other while the load runs.",
        MeasureAsync, Plot);

    static async Task<IReadOnlyList<Result>> MeasureAsync(BenchRun run)
    {
        var rosa = (await run.ShopAsync()).Addresses;
        var products = await ShopProducts.ReadAsync(rosa.Http("catalog"), BenchRun.Products, run.Cancelled);
        return
        [
            await MeasureAsync(run, "front-home", new Uri(rosa.Storefront, "/")),
            await MeasureAsync(run, "front-product", await PageOfAsync(new Uri(rosa.Storefront, $"/p/{products.Ids[0]}"), run.Cancelled)),
        ];
    }

    static async Task<Result> MeasureAsync(BenchRun run, string figure, Uri page)
    {
        run.Say($"{figure}: {page.AbsolutePath}");
        var wrk = await run.WrkAsync();
        using var visitor = LoadClient.To(page, connections: 1);
        await FirstByteAsync(visitor, page, run.Cancelled);

        using var over = CancellationTokenSource.CreateLinkedTokenSource(run.Cancelled);
        await wrk.GetAsync(page, Connections, TimeSpan.Zero, run.Times.WarmUp, run.Cancelled);
        var waits = VisitAsync(visitor, page, over.Token);
        var load = await wrk.GetAsync(page, Connections, TimeSpan.Zero, run.Times.Read, run.Cancelled);
        await over.CancelAsync();
        var firstBytes = await waits;

        return new Result(figure,
            new("pages_per_s", load.PerSecond, Goal.Least(1_500)),
            new("p50_ms", load.P50Ms),
            new("p99_ms", load.P99Ms),
            new("first_byte_p50_ms", firstBytes.Milliseconds(0.5)),
            new("first_byte_p99_ms", firstBytes.Milliseconds(0.99)));
    }

    static async Task<LatencyHistogram> VisitAsync(HttpClient visitor, Uri page, CancellationToken over)
    {
        var times = new LatencyHistogram();
        while (!over.IsCancellationRequested)
        {
            try
            {
                times.Record(await FirstByteAsync(visitor, page, over));
                await Task.Delay(5, over);
            }
            catch (OperationCanceledException) when (over.IsCancellationRequested)
            {
                // The load is over, and with it what was being waited for.
            }
        }
        return times;
    }

    static async Task<TimeSpan> FirstByteAsync(HttpClient visitor, Uri page, CancellationToken cancellationToken)
    {
        HttpResponseMessage? answer = null;
        var time = await ClosedLoop.TimeAsync(async () => answer = await visitor.GetAsync(page, HttpCompletionOption.ResponseHeadersRead, cancellationToken));
        using (answer)
        {
            await LoadClient.MustBeAsync(answer!, HttpStatusCode.OK, cancellationToken);
            await answer!.Content.CopyToAsync(Stream.Null, cancellationToken);
        }
        return time;
    }

    /// <summary>The address that a product's page has: it ends in its name.</summary>
    static async Task<Uri> PageOfAsync(Uri product, CancellationToken cancellationToken)
    {
        using var http = LoadClient.To(product, connections: 1);
        using var answer = await http.GetAsync(product, cancellationToken);
        return answer.Headers.Location is { } named ? new Uri(product, named) : product;
    }

    static BarPlot Plot(IReadOnlyList<Result> results) => new("Pages a second, 32 connections",
    [
        new("home", results[0]["pages_per_s"], Ours: true, Goal: 1_500),
        new("product", results[1]["pages_per_s"], Ours: true, Goal: 1_500),
    ]);
}
