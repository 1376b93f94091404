using System.Text.Json;

namespace Rosa.EndToEnd.Tests;

/// <summary>Many at once, over HTTP through the gateway, on a durable PostgreSQL.</summary>
[Trait("shape", "both")]
public sealed class RaceTests(OwnShopFixture fixture, ITestOutputHelper output) : IClassFixture<OwnShopFixture>
{
    readonly RunningShop shop = fixture.Shop;
    static readonly int seed = Environment.GetEnvironmentVariable("ROSA_SEED") is { Length: > 0 } given ? int.Parse(given) : Random.Shared.Next();

    async Task<List<(Guid UserId, string Token)>> CustomersAsync(int count)
    {
        var customers = new List<(Guid, string)>();
        for (var i = 0; i < count; i++) customers.Add(await shop.NewCustomerAsync());
        return customers;
    }

    /// <summary>All of them on one process; a tenth on many, where each costs several times as much on the same cores.</summary>
    static int Rounds(int all) => RunningShop.IsDistributed ? all / 10 : all;

    async Task NoRuleIsBrokenAsync() => Assert.Empty(await Rules.BrokenAsync(shop));

    [Fact]
    public async Task One_unit_and_twenty_buyers_is_one_order()
    {
        var rounds = Rounds(1_000);
        var buyers = await CustomersAsync(20);
        for (var round = 0; round < rounds; round++)
        {
            var product = await shop.NewProductAsync(quantity: 1);
            var answers = await Task.WhenAll(buyers.Select(buyer => shop.OrderAsync(buyer.Token, RunningShop.OrderOf(product))));
            Assert.True(answers.Count(answer => answer.Status == 201) == 1 && answers.All(Fair), $"round {round}: {string.Join(", ", answers.Select(answer => answer.Status))}");
        }
        await NoRuleIsBrokenAsync();
        output.WriteLine($"races: {rounds} rounds of one unit and 20 buyers, one order each");

        static bool Fair((int Status, JsonElement Body) answer) =>
            answer.Status == 201 || (answer.Status == 422 && answer.Body.GetProperty("code").GetString() == "INSUFFICIENT_STOCK");
    }

    [Fact]
    public async Task One_idempotency_key_from_twenty_clients_is_one_order_and_one_answer()
    {
        var rounds = Rounds(200);
        var (_, token) = await shop.NewCustomerAsync();
        var product = await shop.NewProductAsync(quantity: rounds);
        for (var round = 0; round < rounds; round++)
        {
            var key = Guid.NewGuid().ToString();
            var answers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => shop.OrderAsync(token, RunningShop.OrderOf(product), key)));
            Assert.True(answers.All(answer => answer.Status == 201), $"round {round}: {string.Join(", ", answers.Select(answer => answer.Status == 201 ? "201" : $"{answer.Status} {answer.Body}"))}");
            Assert.Single(answers.Select(answer => answer.Body.GetRawText()).Distinct());
        }
        var (_, left) = await shop.SendAsync(HttpMethod.Post, "/api/products/check-stock", null, new { items = new[] { new { productId = product, quantity = 1 } } });
        Assert.Equal(0, left.GetProperty("items")[0].GetProperty("available").GetInt32());
        await NoRuleIsBrokenAsync();
        output.WriteLine($"races: {rounds} rounds of one idempotency key from 20 clients, one order each");
    }

    [Fact]
    public async Task The_last_use_of_a_code_is_redeemed_once()
    {
        var rounds = Rounds(20);
        var buyers = await CustomersAsync(30);
        var product = await shop.NewProductAsync(quantity: 10_000);
        for (var round = 0; round < rounds; round++)
        {
            var code = $"LAST{round}";
            await shop.NewPromoAsync(code, maxUses: 1);
            var answers = await Task.WhenAll(buyers.Select(buyer => shop.OrderAsync(buyer.Token, RunningShop.OrderOf(product, promoCode: code))));
            Assert.Equal(1, answers.Count(answer => answer.Status == 201));
            Assert.All(answers.Where(answer => answer.Status != 201), answer => Assert.Equal("PROMO_INVALID", answer.Body.GetProperty("code").GetString()));
        }
        await NoRuleIsBrokenAsync();
        output.WriteLine($"races: {rounds} rounds of one promo use and 30 carts, one redemption each");
    }

    [Fact]
    public async Task A_code_for_once_a_customer_is_used_once_by_each()
    {
        var rounds = Rounds(20);
        var product = await shop.NewProductAsync(quantity: 10_000);
        await shop.NewPromoAsync("ONCE", maxUsesPerUser: 1);
        for (var round = 0; round < rounds; round++)
        {
            var (_, token) = await shop.NewCustomerAsync();
            var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => shop.OrderAsync(token, RunningShop.OrderOf(product, promoCode: "ONCE"))));
            Assert.Equal(1, answers.Count(answer => answer.Status == 201));
        }
        await NoRuleIsBrokenAsync();
        output.WriteLine($"races: {rounds} rounds of a code for once a customer, eight orders at once, one redemption each");
    }

    [Fact]
    public async Task Cancelling_against_shipping_ends_in_one_of_the_two()
    {
        var rounds = Rounds(100);
        var random = new Random(seed);
        var (_, token) = await shop.NewCustomerAsync();
        var product = await shop.NewProductAsync(quantity: rounds);
        var cancelled = 0;
        for (var round = 0; round < rounds; round++)
        {
            var (_, order) = await shop.OrderAsync(token, RunningShop.OrderOf(product));
            var path = $"/api/orders/{order.GetProperty("orderId").GetGuid()}";
            await shop.SendAsync(HttpMethod.Post, $"{path}/process", shop.EmployeeToken);
            var headStart = random.Next(-2, 3);
            var ship = After(Math.Max(0, headStart), () => shop.SendAsync(HttpMethod.Post, $"{path}/ship", shop.EmployeeToken, new { carrier = "La Poste", trackingNumber = "1" }));
            var cancel = After(Math.Max(0, -headStart), () => shop.SendAsync(HttpMethod.Post, $"{path}/cancel", token, new { reason = "changed my mind" }));
            var statuses = (Ship: (await ship).Status, Cancel: (await cancel).Status);
            Assert.True(statuses is (200, 409) or (409, 200), $"seed {seed}, round {round}: {statuses}");
            if (statuses.Cancel == 200) cancelled++;
        }
        await NoRuleIsBrokenAsync();
        output.WriteLine($"races: {rounds} rounds of cancel against ship, {cancelled} cancelled, seed {seed}");

        static async Task<(int Status, JsonElement Body)> After(int milliseconds, Func<Task<(int, JsonElement)>> call)
        {
            await Task.Delay(milliseconds);
            return await call();
        }
    }

    [Fact]
    public async Task Two_employees_on_one_product_do_not_overwrite_each_other()
    {
        var rounds = Rounds(100);
        var product = await shop.NewProductAsync(quantity: 0);
        var changes = await Task.WhenAll(Enumerable.Range(1, rounds).Select(_ =>
            shop.SendAsync(HttpMethod.Patch, $"/api/products/{product}/inventory", shop.EmployeeToken, new { quantity = 3, reason = "delivery" })));
        Assert.All(changes, change => Assert.Equal(200, change.Status));
        var (_, detail) = await shop.SendAsync(HttpMethod.Post, "/api/products/check-stock", null, new { items = new[] { new { productId = product, quantity = 1 } } });
        Assert.Equal(3 * rounds, detail.GetProperty("items")[0].GetProperty("available").GetInt32());
        await NoRuleIsBrokenAsync();
        output.WriteLine($"races: {rounds} inventory changes at once on one product, none lost");
    }
}
