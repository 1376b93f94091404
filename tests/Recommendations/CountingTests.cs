using Rosa.Contracts.Orders;
using Rosa.Platform.Messaging;
using Rosa.Testing;

namespace Rosa.Recommendations.Tests;

public sealed class CountingTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task A_cancelled_order_has_never_been_counted()
    {
        Guid[] products = [.. Enumerable.Range(0, 5).Select(_ => Guid.CreateVersion7())];
        var customer = await shop.OwnerAsync("bird");
        await shop.BuyAsync(customer, products[0], products[1]);
        var before = await shop.CountsAsync();

        var order = await shop.BuyAsync(customer, products[1], products[2], products[3]);
        Assert.NotEqual(before, await shop.CountsAsync());
        await shop.CancelAsync(order);
        Assert.Equal(before, await shop.CountsAsync());
        await shop.CancelAsync(order);
        Assert.Equal(before, await shop.CountsAsync());
    }

    [Fact]
    public async Task Cancelling_an_order_that_was_never_confirmed_changes_nothing()
    {
        var before = await shop.CountsAsync();
        await shop.CancelAsync(Shop.Order(Guid.CreateVersion7(), products: Guid.CreateVersion7()));
        Assert.Equal(before, await shop.CountsAsync());
    }

    [Fact]
    public async Task What_is_bought_in_one_order_counts_whole_and_one_after_the_other_by_half()
    {
        var (litter, scoop, wand) = (Guid.CreateVersion7(), Guid.CreateVersion7(), Guid.CreateVersion7());
        var order = await shop.BuyAsync(null, litter, scoop);
        await shop.TellAsync(Shop.Order(order.UserId, at: order.ConfirmedAt, products: wand));
        var weight = Recency.WeightAt(order.ConfirmedAt);
        Assert.Equal(weight, await shop.ReadAsync<double>("select weight from co_purchases where product_id = $1 and other_id = $2", litter, scoop), precision: 9);
        Assert.Equal(weight / 2, await shop.ReadAsync<double>("select weight from co_purchases where product_id = $1 and other_id = $2", wand, scoop), precision: 9);
        Assert.Equal(weight / 2, await shop.ReadAsync<double>("select weight from co_purchases where product_id = $1 and other_id = $2", scoop, wand), precision: 9);
    }

    [Fact]
    public async Task An_order_of_a_hundred_lines_adds_a_bounded_number_of_pairs()
    {
        Guid[] products = [.. Enumerable.Range(0, 100).Select(_ => Guid.CreateVersion7())];
        var order = await shop.BuyAsync(null, products);
        Assert.Equal(100L, await shop.ReadAsync<long>("select count(*) from purchases where user_id = $1", order.UserId));
        Assert.Equal(20L * 19, await shop.ReadAsync<long>("select count(*) from co_purchases where product_id = any($1)", products));
        await shop.CancelAsync(order);
        Assert.Equal(0L, await shop.ReadAsync<long>("select count(*) from co_purchases where product_id = any($1)", products));
    }

    [Fact]
    public async Task The_same_event_and_the_same_order_count_once()
    {
        var order = Shop.Order(Guid.CreateVersion7(), products: [Guid.CreateVersion7(), Guid.CreateVersion7()]);
        var eventId = Guid.CreateVersion7();
        await shop.TellAsync(order, eventId);
        var before = await shop.CountsAsync();
        await shop.TellAsync(order, eventId);
        await shop.TellAsync(order);
        Assert.Equal(before, await shop.CountsAsync());
    }
}

/// <summary>Two instances on one database, and everything at once.</summary>
public sealed class CountingRaceTests(Shop shop) : IClassFixture<Shop>
{
    const int Rounds = 5, OrdersARound = 60;

    [Fact]
    public async Task Whatever_comes_at_once_by_whichever_instance_the_counts_are_those_of_one_after_the_other()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        var (here, there) = (new InProcessTransport(), new InProcessTransport());
        await using var one = await shop.StartAnotherAsync(here);
        await using var two = await shop.StartAnotherAsync(there);

        // Few products and customers, so that everybody meets.
        Guid[] products = [.. Enumerable.Range(0, 8).Select(_ => Guid.CreateVersion7())];
        var standing = new Dictionary<Guid, OrderCreated>();
        for (var round = 0; round < Rounds; round++)
        {
            var orders = Enumerable.Range(0, OrdersARound)
                .Select(_ => Shop.Order(Guid.CreateVersion7(), products: [.. random.GetItems(products, random.Next(1, 5)).Distinct()])).ToList();
            var cancelled = standing.Values.Where(_ => random.Next(4) == 0).ToList();
            foreach (var order in orders) standing.Add(order.OrderId, order);
            foreach (var order in cancelled) standing.Remove(order.OrderId);

            EventMessage[] messages =
            [
                .. orders.Select(order => Shop.Message(order)),
                .. cancelled.Select(order => Shop.Message(new OrderCancelled(order.OrderId, order.UserId, "Raced.", 0, DateTimeOffset.UtcNow))),
            ];
            // Every event to both instances, one by one, in an order of their own.
            await Task.WhenAll(new[] { here, there }.SelectMany(bus => random.GetItems(messages, messages.Length * 2).Concat(messages).Select(message => bus.PublishAsync([message], default))));
            await shop.HandledAsync([.. messages.Select(message => message.EventId)]);
            Assert.Equal(0L, await shop.ReadAsync<long>("select count(*) from inbox where attempts > 0"));

            var bought = standing.Values.SelectMany(order => order.Items).CountBy(item => item.ProductId).ToDictionary();
            var pairs = standing.Values.SelectMany(order => order.Items.SelectMany(item => order.Items.Where(other => other != item).Select(other => (item.ProductId, Other: other.ProductId)))).CountBy(pair => pair).ToDictionary();
            foreach (var product in products)
            {
                Assert.True(bought.GetValueOrDefault(product) == await shop.ReadAsync<int>("select coalesce((select orders from popularity where animal_type = '' and product_id = $1), 0)", product), $"seed {seed}, round {round}");
                foreach (var other in products)
                    Assert.True(pairs.GetValueOrDefault((product, other)) == await shop.ReadAsync<int>("select coalesce((select orders from co_purchases where product_id = $1 and other_id = $2), 0)", product, other), $"seed {seed}, round {round}");
            }
        }
    }
}
