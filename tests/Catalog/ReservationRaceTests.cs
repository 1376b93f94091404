using Rosa.Contracts.Catalog;
using Rosa.Platform.Grpc;
using Rosa.Testing;

namespace Rosa.Catalog.Tests;

/// <summary>Two instances of the service on one database, and everybody at once.</summary>
public sealed class ReservationRaceTests(CatalogShop shop, ITestOutputHelper output) : IClassFixture<CatalogShop>
{
    [Fact]
    public async Task The_last_units_are_never_sold_twice()
    {
        const int rounds = 200, buyers = 12;
        await using var second = await shop.StartAnotherAsync();
        using var elsewhere = second.Channel();
        var (seed, random) = Seeded();

        var product = await shop.CreateAsync(quantity: 1);
        var putIn = 1;
        for (var round = 0; round < rounds; round++)
        {
            var before = await shop.StockAsync(product);
            var answers = await Task.WhenAll(Enumerable.Range(0, buyers).Select(async buyer =>
            {
                var order = Guid.CreateVersion7();
                var through = (buyer & 1) == 0 ? shop.Channel : elsewhere;
                var reserved = await shop.ReserveAsync(order, through, 0, (product, 1));
                return reserved.Reserved && await shop.CommitAsync(order, (buyer & 2) == 0 ? shop.Channel : elsewhere);
            }));

            Assert.True(answers.Count(sold => sold) == Math.Min(buyers, before.Available), $"seed {seed}, round {round}");
            var after = await shop.StockAsync(product);
            Assert.True(after.Available + after.Reserved + after.Sold == putIn, $"seed {seed}, round {round}: {after}, put in {putIn}");

            var more = random.Next(1, 4);
            await ChangeInventoryAsync(product, more);
            putIn += more;
        }
    }

    [Fact]
    public async Task The_same_order_sent_to_two_instances_at_once_is_held_once()
    {
        await using var second = await shop.StartAnotherAsync();
        using var elsewhere = second.Channel();
        var product = await shop.CreateAsync(quantity: 1_000);
        for (var round = 1; round <= 60; round++)
        {
            var order = Guid.CreateVersion7();
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => shop.ReserveAsync(order, (i & 1) == 0 ? shop.Channel : elsewhere, 0, (product, 1))));
            Assert.All(answers, answer => Assert.True(answer.Reserved));
            Assert.Equal((1_000 - round, round, 0), await shop.StockAsync(product));
        }
    }

    [Fact]
    public async Task Whatever_comes_in_whatever_order_no_unit_is_lost_or_made()
    {
        const int rounds = 40, commands = 60, orders = 10, units = 12;
        await using var second = await shop.StartAnotherAsync();
        using var elsewhere = second.Channel();
        var (seed, random) = Seeded();
        var products = new List<Guid>();
        for (var i = 0; i < 4; i++) products.Add(await shop.CreateAsync(quantity: units));

        for (var round = 0; round < rounds; round++)
        {
            var ids = Enumerable.Range(0, orders).Select(_ => Guid.CreateVersion7()).ToArray();
            var lines = ids.ToDictionary(id => id, _ => products.Where(_ => random.Next(2) == 0).Select(product => (product, random.Next(1, 4))).DefaultIfEmpty((products[0], 1)).ToArray());
            await Task.WhenAll(Enumerable.Range(0, commands).Select(_ => (Order: ids[random.Next(orders)], What: random.Next(5), Through: random.Next(2) == 0 ? shop.Channel : elsewhere)).ToList()
                .Select(step => step.What switch
                {
                    0 or 1 => shop.ReserveAsync(step.Order, step.Through, ttlSeconds: 1, lines[step.Order]),
                    2 => shop.CommitAsync(step.Order, step.Through),
                    3 => shop.ReleaseAsync(step.Order, step.Through),
                    _ => ExpireAsync(),
                }));
            foreach (var product in products)
            {
                var stock = await shop.StockAsync(product);
                Assert.True(stock.Available + stock.Reserved + stock.Sold == units, $"seed {seed}, round {round}: {stock}");
                var held = await shop.ReadAsync<long>("select coalesce(sum(quantity), 0) from reservation_lines join reservations using (order_id) where product_id = $1 and state = 1", product);
                Assert.True(held == stock.Reserved, $"seed {seed}, round {round}: {held} held by orders, {stock.Reserved} on the shelf");
            }
            foreach (var id in ids) await shop.ReleaseAsync(id);
        }
        foreach (var product in products)
        {
            Assert.Equal((units, 0, 0), await shop.StockAsync(product));
            Assert.Equal(units, await shop.ReadAsync<long>("select sum(change) from stock_movements where product_id = $1", product));
        }
    }

    [Fact]
    public async Task Expiry_against_commit_ends_in_one_of_both()
    {
        var product = await shop.CreateAsync(quantity: 1);
        for (var round = 0; round < 60; round++)
        {
            var order = Guid.CreateVersion7();
            Assert.True((await shop.ReserveAsync(order, null, ttlSeconds: 1, (product, 1))).Reserved);
            shop.Clock.Forward(TimeSpan.FromSeconds(2));
            var commit = shop.CommitAsync(order);
            await shop.SweepAsync();
            Assert.Equal(await commit ? (0, 0, 1) : (1, 0, 0), await shop.StockAsync(product));
            await shop.ReleaseAsync(order);
        }
    }

    async Task ExpireAsync()
    {
        shop.Clock.Forward(TimeSpan.FromSeconds(2));
        await shop.SweepAsync();
    }

    async Task ChangeInventoryAsync(Guid product, int quantity)
    {
        using var response = await System.Net.Http.Json.HttpClientJsonExtensions.PatchAsJsonAsync(shop.Employee, $"/api/products/{product}/inventory", new { quantity, reason = "delivery" });
        Assert.True(response.IsSuccessStatusCode);
    }

    (int Seed, Random Random) Seeded()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        return (seed, new Random(seed));
    }
}
