using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Platform.Messaging;
using Rosa.Testing;

namespace Rosa.Catalog.Tests;

public sealed class StockNewsTests(StockNewsTests.ListeningShop listening) : IClassFixture<StockNewsTests.ListeningShop>
{
    readonly CatalogShop shop = listening.Shop;

    async Task SellAsync(Guid product, int quantity)
    {
        var order = Guid.CreateVersion7();
        Assert.True((await shop.ReserveAsync(order, (product, quantity))).Reserved);
        Assert.True(await shop.CommitAsync(order));
    }

    [Fact]
    public async Task Running_low_is_told_once_and_again_after_goods_came()
    {
        var product = await shop.CreateAsync(quantity: 8);
        await SellAsync(product, 2);
        Assert.Empty(await listening.HeardAsync(product, "StockLow"));
        await SellAsync(product, 1);
        await SellAsync(product, 1);
        await SellAsync(product, 4);
        var low = Assert.Single(await listening.HeardAsync(product, "StockLow"));
        Assert.Equal(("Croquettes", 5, 5), (low.GetProperty("title").GetString(), low.GetProperty("available").GetInt32(), low.GetProperty("threshold").GetInt32()));

        await shop.Employee.PatchAsJsonAsync($"/api/products/{product}/inventory", new { quantity = 10, reason = "livraison" });
        await SellAsync(product, 9);
        Assert.Equal(2, (await listening.HeardAsync(product, "StockLow")).Count);
    }

    [Fact]
    public async Task A_product_may_have_a_threshold_of_its_own()
    {
        var product = await shop.CreateAsync(quantity: 30);
        using var set = await shop.Employee.PutAsJsonAsync($"/api/products/{product}/inventory/threshold", new { lowAt = 20 });
        Assert.Equal(HttpStatusCode.NoContent, set.StatusCode);
        await shop.Employee.PatchAsJsonAsync($"/api/products/{product}/inventory", new { quantity = -10, reason = "casse" });
        Assert.Equal(20, Assert.Single(await listening.HeardAsync(product, "StockLow")).GetProperty("threshold").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Employee.PutAsJsonAsync($"/api/products/{Guid.CreateVersion7()}/inventory/threshold", new { lowAt = 20 })).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await shop.Employee.PutAsJsonAsync($"/api/products/{product}/inventory/threshold", new { lowAt = -1 })).StatusCode);
    }

    [Fact]
    public async Task Sales_tell_of_the_last_unit_and_of_the_first_that_comes_back()
    {
        var product = await shop.CreateAsync(quantity: 3);
        await SellAsync(product, 1);
        var order = Guid.CreateVersion7();
        await shop.ReserveAsync(order, (product, 2));
        await shop.ReleaseAsync(order);
        Assert.Equal([("sold out", 0), ("back in stock", 2)],
            (await listening.HeardAsync(product, "StockChanged")).Select(change => (change.GetProperty("reason").GetString()!, change.GetProperty("available").GetInt32())));
        Assert.Empty(await listening.HeardAsync(product, "StockLow"));
    }

    [Fact]
    public async Task However_many_buy_at_once_low_and_sold_out_are_told_once()
    {
        for (var round = 0; round < 10; round++)
        {
            var product = await shop.CreateAsync(quantity: 12);
            await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.ReserveAsync(Guid.CreateVersion7(), (product, 1))));
            Assert.Single(await listening.HeardAsync(product, "StockLow"));
            Assert.Equal("sold out", Assert.Single(await listening.HeardAsync(product, "StockChanged")).GetProperty("reason").GetString());
        }
    }

    /// <summary>The catalog, and somebody who hears all that it tells.</summary>
    public sealed class ListeningShop : IAsyncLifetime
    {
        readonly List<EventMessage> heard = [];

        public CatalogShop Shop { get; } = new();

        public async ValueTask InitializeAsync()
        {
            await Shop.InitializeAsync();
            ((InProcessTransport)Shop.Service.Services.GetRequiredService<IEventTransport>()).Subscribe("listener", new HashSet<string> { "catalog.StockLow", "catalog.StockChanged" }, (events, _) =>
            {
                lock (heard) heard.AddRange(events);
                return Task.CompletedTask;
            });
        }

        /// <summary>What was told of a product, after everything was.</summary>
        public async Task<List<JsonElement>> HeardAsync(Guid product, string type)
        {
            for (var attempt = 0; attempt < 3_000 && await Shop.ReadAsync<long>("select count(*) from outbox") > 0; attempt++) await Task.Delay(10);
            lock (heard)
            {
                return [.. heard.Where(message => message.RoutingKey == $"catalog.{type}" && message.Subject == product.ToString())
                    .Select(message => JsonSerializer.Deserialize<JsonElement>(message.Envelope).GetProperty("data"))];
            }
        }

        public ValueTask DisposeAsync() => Shop.DisposeAsync();
    }
}
