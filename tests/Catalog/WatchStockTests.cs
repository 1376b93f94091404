using Rosa.Contracts.Catalog;
using Rosa.Platform.Grpc;
using Rosa.Testing;

namespace Rosa.Catalog.Tests;

public sealed class WatchStockTests(CatalogShop shop) : IClassFixture<CatalogShop>
{
    [Fact]
    public async Task Who_watches_hears_of_changes()
    {
        var product = await shop.CreateAsync(quantity: 50);
        await using var watch = new Watch(shop.Channel, product);
        await BeginAsync(watch, product, shop.Channel);
        await shop.ReserveAsync(Guid.CreateVersion7(), (product, 2));
        await watch.HearsAsync(product, 48);
        await shop.Employee.PatchAsync($"/api/products/{product}/inventory", System.Net.Http.Json.JsonContent.Create(new { quantity = 10, reason = "livraison" }));
        await watch.HearsAsync(product, 58);
    }

    [Fact]
    public async Task Who_watches_one_instance_hears_what_others_change_with_Redis_and_without()
    {
        await using var two = await TwoCatalogs.StartAsync(shop);
        var (redis, toFirst, toSecond) = (two.Redis, two.First, two.Second);
        var (product, other) = (await shop.CreateAsync(quantity: 50), await shop.CreateAsync(quantity: 50));
        await using var watch = new Watch(toFirst, product);
        await using var watchOfAll = new Watch(toFirst);
        await BeginAsync(watch, product, toSecond);
        await BeginAsync(watchOfAll, other, toSecond);

        for (var left = 49; left > 30; left--)
        {
            await shop.ReserveAsync(Guid.CreateVersion7(), left % 2 == 0 ? toFirst : toSecond, lines: (product, 1));
            await watch.HearsAsync(product, left);
        }
        await watchOfAll.HearsAsync(product, 31);
        Assert.DoesNotContain(watch.Heard, change => change.ProductId != product.ToString());

        // What nobody carries is read.
        redis.Kill();
        await shop.ReserveAsync(Guid.CreateVersion7(), toSecond, lines: (product, 5));
        await watch.HearsAsync(product, 26);
        await redis.StartAgainAsync();
        await shop.ReserveAsync(Guid.CreateVersion7(), toSecond, lines: (product, 5));
        await watch.HearsAsync(product, 21);
    }

    /// <summary>However changes of both instances cross, the last figure heard is the last that was committed.</summary>
    [Fact]
    public async Task The_last_figure_heard_is_the_last_that_was_committed()
    {
        await using var two = await TwoCatalogs.StartAsync(shop);
        var (toFirst, toSecond) = (two.First, two.Second);
        var product = await shop.CreateAsync(quantity: 1_000);
        await using var watch = new Watch(toFirst);
        await BeginAsync(watch, product, toSecond);
        for (var left = 980; left >= 800; left -= 20)
        {
            await Task.WhenAll(Enumerable.Range(0, 20).Select(i => shop.ReserveAsync(Guid.CreateVersion7(), i % 2 == 0 ? toFirst : toSecond, lines: (product, 1))));
            await watch.HearsAsync(product, left);
        }
    }

    /// <summary>A watch begins some time after it was asked for: something passes until it is heard.</summary>
    async Task BeginAsync(Watch watch, Guid product, GrpcChannel through)
    {
        while (!watch.Heard.Any(change => change.ProductId == product.ToString()))
        {
            var passing = Guid.CreateVersion7();
            await shop.ReserveAsync(passing, through, lines: (product, 1));
            await shop.ReleaseAsync(passing, through);
            await Task.Delay(20);
        }
        await watch.HearsAsync(product, (await shop.StockAsync(product)).Available);
    }

    /// <summary>Two more instances on the shop's database, which hear of each other over a Redis of their own.</summary>
    sealed record TwoCatalogs(TestRedis Redis, TestService FirstService, TestService SecondService) : IAsyncDisposable
    {
        public GrpcChannel First { get; } = FirstService.Channel();

        public GrpcChannel Second { get; } = SecondService.Channel();

        public static async Task<TwoCatalogs> StartAsync(CatalogShop shop)
        {
            var redis = await TestRedis.StartAsync();
            return new(redis, await shop.StartAnotherAsync(redis), await shop.StartAnotherAsync(redis));
        }

        public async ValueTask DisposeAsync()
        {
            First.Dispose();
            Second.Dispose();
            await FirstService.DisposeAsync();
            await SecondService.DisposeAsync();
            await Redis.DisposeAsync();
        }
    }

    /// <summary>Hears until it is disposed of.</summary>
    sealed class Watch : IAsyncDisposable
    {
        readonly CancellationTokenSource ends = new(TimeSpan.FromSeconds(120));
        readonly List<StockChange> heard = [];
        readonly Task listening;

        public Watch(GrpcChannel channel, params Guid[] products)
        {
            var request = new WatchStockRequest();
            request.ProductIds.AddRange(products.Select(product => product.ToString()));
            listening = ListenAsync(channel, request);
        }

        public IReadOnlyList<StockChange> Heard
        {
            get
            {
                lock (heard) return [.. heard];
            }
        }

        async Task ListenAsync(GrpcChannel channel, WatchStockRequest request)
        {
            await foreach (var change in channel.ServerStreamingAsync(CatalogGrpc.WatchStock, request, new GrpcCallOptions(null, TestService.ServiceMetadata, ends.Token)))
            {
                lock (heard) heard.Add(change);
            }
        }

        /// <summary>The last that is heard of the product is this, within half a minute.</summary>
        public async Task HearsAsync(Guid product, int available)
        {
            int? last = null;
            for (var attempt = 0; attempt < 3_000; attempt++)
            {
                if (listening.IsCompleted) await listening;
                last = Heard.LastOrDefault(change => change.ProductId == product.ToString())?.Available;
                if (last == available) return;
                await Task.Delay(10);
            }
            Assert.Fail($"{last} was heard last, and {available} are there.");
        }

        public async ValueTask DisposeAsync()
        {
            await ends.CancelAsync();
            await listening.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ends.Dispose();
        }
    }
}
