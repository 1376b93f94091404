using System.Diagnostics;
using Rosa.Cli.Load;
using Rosa.Cli.Seed;

namespace Rosa.Cli.Bench;

/// <summary>How long things are measured.</summary>
/// <param name="WarmUp">Load before each measurement that does not count.</param>
/// <param name="JourneyWarmUp">The same before whole orders: they pass through thousands of methods, which the runtime compiles anew, optimised, while they are used.</param>
/// <param name="Read">Plain requests.</param>
/// <param name="Journey">Whole orders.</param>
/// <param name="Starts">How often Rosa is started to take the median.</param>
/// <param name="CatalogSizes">The numbers of products between which growth is looked at.</param>
/// <param name="PastOrders">The orders behind a checkout that must not slow it down.</param>
/// <param name="DemoShops">The demo shops, each of a seed of its own, whose customers are asked what they would buy next.</param>
sealed record BenchTimes(TimeSpan WarmUp, TimeSpan JourneyWarmUp, TimeSpan Read, TimeSpan Journey, int Starts, IReadOnlyList<int> CatalogSizes, int PastOrders, int DemoShops)
{
    public static readonly BenchTimes Full = new(TimeSpan.FromSeconds(5), JourneyWarmUp: TimeSpan.FromSeconds(30), TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(15), Starts: 5, [1_000, 10_000, 100_000], PastOrders: 1_000_000, DemoShops: 8);

    public static readonly BenchTimes Quick = new(TimeSpan.FromSeconds(1), JourneyWarmUp: TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2), Starts: 1, [1_000, 10_000], PastOrders: 20_000, DemoShops: 1);
}

/// <summary>What the figures of one run share: the times, one Rosa with a thousand products, and where to say what goes on.</summary>
sealed class BenchRun(BenchTimes times, int portOffset, CancellationToken cancellationToken) : IAsyncDisposable
{
    public const int Products = 1_000;

    /// <summary>Of each product: a bench that sells out would measure refusals.</summary>
    public const int InStock = 100_000;

    readonly RosaCheckout checkout = RosaCheckout.Find();
    readonly long start = Stopwatch.GetTimestamp();
    RosaInstance? shop;
    Wrk? wrk;

    public BenchTimes Times => times;

    public CancellationToken Cancelled => cancellationToken;

    public RosaCheckout Checkout => checkout;

    /// <summary>One line on standard error, so that whoever waits knows for what.</summary>
    public void Say(string text) => Console.Error.WriteLine($"[{Stopwatch.GetElapsedTime(start).TotalSeconds,4:0} s] {text}");

    public async Task<Wrk> WrkAsync() => wrk ??= await Wrk.FindAsync(Say, cancellationToken);

    /// <summary>The shop that most figures are measured on, started by the first that asks.</summary>
    public async Task<RosaInstance> ShopAsync()
    {
        if (shop is not null) return shop;
        shop = NewInstance();
        Say($"starting Rosa with {Products:N0} products (the first time it is built, which takes a minute)");
        await shop.UpAsync(cancellationToken);
        await GeneratedProducts.LoadAsync(shop.Databases, Products, InStock, cancellationToken);
        return shop;
    }

    /// <summary>Ends the shared shop, for a figure that needs the machine for one of its own.</summary>
    public async Task CloseShopAsync()
    {
        if (shop is { } closing) await closing.DisposeAsync();
        shop = null;
    }

    /// <param name="distributed">As many processes, and not as one.</param>
    public RosaInstance NewInstance(bool distributed = false)
    {
        var folder = Path.Combine(checkout.Root, "artifacts", "bench", $"{Environment.ProcessId}-{Guid.NewGuid().ToString("N")[..6]}");
        return new RosaInstance(checkout, folder, portOffset) { Distributed = distributed };
    }

    public async ValueTask DisposeAsync() => await CloseShopAsync();
}
