using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Rosa.Contracts.Orders;
using Rosa.Contracts.Users;
using Rosa.Testing;

namespace Rosa.Catalog.Tests;

public sealed class RatingTests(CatalogShop shop) : IClassFixture<CatalogShop>
{
    static OrderCreated Order(Guid userId, params Guid[] products) => new(
        Guid.CreateVersion7(), userId, [.. products.Select(product => new OrderedItem(product, "x", 5m, 1, 5m))], 5m, 0m, 5m, "EUR",
        new ShippingAddress("Rosa Exemple", "1 rue de l'Exemple", null, "75000", "Paris", "FR"), DateTimeOffset.UtcNow);

    async Task<OrderCreated> BuyAsync(Guid userId, params Guid[] products)
    {
        var order = Order(userId, products);
        await shop.TellAsync(order);
        return order;
    }

    async Task<Guid> BuyerOfAsync(params Guid[] products)
    {
        var userId = Guid.CreateVersion7();
        await BuyAsync(userId, products);
        return userId;
    }

    async Task<HttpResponseMessage> RateAsync(Guid userId, Guid product, object rating)
    {
        using var customer = shop.Service.Client(TestTokens.Shared.Customer(userId));
        return await customer.PutAsJsonAsync($"/api/products/{product}/ratings", rating);
    }

    Task<HttpResponseMessage> RateAsync(Guid userId, Guid product, int stars, string? comment = null) => RateAsync(userId, product, new { stars, comment });

    async Task<(decimal Average, int Count)> RatingAsync(Guid product) => Summary((await shop.GetAsync($"/api/products/{product}")).GetProperty("rating"));

    static (decimal, int) Summary(JsonElement rating) => (rating.GetProperty("average").GetDecimal(), rating.GetProperty("count").GetInt32());

    [Fact]
    public async Task Who_bought_a_product_rates_it_and_everybody_reads_it()
    {
        var product = await shop.CreateAsync();
        var buyer = await BuyerOfAsync(product);
        using var rated = await RateAsync(buyer, product, 4, "  Ma chienne l'adore.  ");
        Assert.Equal(HttpStatusCode.OK, rated.StatusCode);
        Assert.Equal((4m, 1), Summary((await rated.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("rating")));
        await RateAsync(await BuyerOfAsync(product), product, 1);

        var detail = await shop.GetAsync($"/api/products/{product}");
        Assert.Equal((2.5m, 2), Summary(detail.GetProperty("rating")));
        Assert.Equal([1, 4], detail.GetProperty("ratings").EnumerateArray().Select(rating => rating.GetProperty("stars").GetInt32()));
        Assert.Equal("Ma chienne l'adore.", detail.GetProperty("ratings")[1].GetProperty("comment").GetString());
        Assert.DoesNotContain(buyer.ToString(), detail.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Rating_again_replaces_what_was_said()
    {
        var product = await shop.CreateAsync();
        var buyer = await BuyerOfAsync(product);
        await RateAsync(buyer, product, 1, "Non.");
        await RateAsync(buyer, product, 5, "Si, finalement.");
        var detail = await shop.GetAsync($"/api/products/{product}");
        Assert.Equal((5m, 1), Summary(detail.GetProperty("rating")));
        Assert.Equal("Si, finalement.", detail.GetProperty("ratings").EnumerateArray().Single().GetProperty("comment").GetString());
    }

    [Fact]
    public async Task Who_did_not_buy_a_product_does_not_rate_it()
    {
        var product = await shop.CreateAsync();
        var buyerOfAnother = await BuyerOfAsync(await shop.CreateAsync());
        using var refused = await RateAsync(buyerOfAnother, product, 5);
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("NOT_BOUGHT", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.Guest.PutAsJsonAsync($"/api/products/{product}/ratings", new { stars = 5 })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await RateAsync(buyerOfAnother, Guid.CreateVersion7(), 5)).StatusCode);
        Assert.Equal((0m, 0), await RatingAsync(product));
    }

    [Fact]
    public async Task A_cancelled_order_takes_its_ratings_back_but_not_those_of_another_order()
    {
        var (once, twice) = (await shop.CreateAsync(), await shop.CreateAsync());
        var buyer = await BuyerOfAsync(twice);
        var order = await BuyAsync(buyer, once, twice);
        await RateAsync(await BuyerOfAsync(once), once, 2);
        await RateAsync(buyer, once, 5);
        await RateAsync(buyer, twice, 5);

        await shop.TellAsync(new OrderCancelled(order.OrderId, buyer, "changed my mind", 10m, DateTimeOffset.UtcNow));
        Assert.Equal((2m, 1), await RatingAsync(once));
        Assert.Equal((5m, 1), await RatingAsync(twice));
        Assert.Equal(HttpStatusCode.Forbidden, (await RateAsync(buyer, once, 5)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await RateAsync(buyer, twice, 4)).StatusCode);
    }

    [Fact]
    public async Task A_deleted_user_leaves_stars_and_nothing_else()
    {
        var product = await shop.CreateAsync();
        var buyer = await BuyerOfAsync(product);
        await RateAsync(buyer, product, 3, "Je suis Rosa Exemple.");
        await shop.TellAsync(new UserDeleted(buyer));

        var detail = await shop.GetAsync($"/api/products/{product}");
        Assert.Equal((3m, 1), Summary(detail.GetProperty("rating")));
        Assert.Equal(JsonValueKind.Null, detail.GetProperty("ratings")[0].GetProperty("comment").ValueKind);
        Assert.Equal(0, await shop.ReadAsync<long>("select (select count(*) from purchases where user_id = $1) + (select count(*) from ratings where user_id = $1)", buyer));
        Assert.Equal(HttpStatusCode.Forbidden, (await RateAsync(buyer, product, 3)).StatusCode);
    }

    [Fact]
    public async Task A_person_gets_all_that_is_held_about_them_and_only_through_Users()
    {
        var product = await shop.CreateAsync();
        var buyer = await BuyerOfAsync(product);
        await RateAsync(buyer, product, 4, "Bien.");
        using var users = shop.Service.Client(TestTokens.Shared.Service("users"));
        async Task<JsonElement> PartAsync() => await (await users.PostAsJsonAsync("/internal/personal-data", new { userId = buyer, orderIds = Array.Empty<Guid>() })).Content.ReadFromJsonAsync<JsonElement>();
        var part = await PartAsync();
        Assert.Equal(product, part.GetProperty("purchases")[0].GetProperty("productId").GetGuid());
        Assert.Equal("Bien.", part.GetProperty("ratings")[0].GetProperty("comment").GetString());
        Assert.Equal(HttpStatusCode.Forbidden, (await shop.Employee.PostAsJsonAsync("/internal/personal-data", new { userId = buyer, orderIds = Array.Empty<Guid>() })).StatusCode);
        await shop.TellAsync(new UserDeleted(buyer));
        Assert.Equal((0, 0), ((await PartAsync()).GetProperty("purchases").GetArrayLength(), (await PartAsync()).GetProperty("ratings").GetArrayLength()));
    }

    [Fact]
    public async Task Many_who_rate_at_once_give_one_right_average()
    {
        var product = await shop.CreateAsync();
        var buyers = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => BuyerOfAsync(product)));
        await Task.WhenAll(buyers.SelectMany((buyer, i) => new[] { RateAsync(buyer, product, 1 + i % 5), RateAsync(buyer, product, 1 + i % 5) }));
        Assert.Equal((3m, 20), await RatingAsync(product));
    }

    [Fact]
    public async Task The_list_orders_by_rating_and_shows_it()
    {
        await shop.ExecuteAsync("insert into categories (slug, title) values ('rated', 'Noté') on conflict do nothing");
        var (good, bad) = (await shop.CreateAsync(CatalogShop.Product("Bon", category: "rated")), await shop.CreateAsync(CatalogShop.Product("Mauvais", category: "rated")));
        var buyer = await BuyerOfAsync(good, bad);
        await RateAsync(buyer, bad, 2);
        await RateAsync(buyer, good, 4);
        var products = (await shop.GetAsync("/api/products?category=rated&sort=rating")).GetProperty("products").EnumerateArray().ToList();
        Assert.Equal(["Bon", "Mauvais"], products.Select(product => product.GetProperty("title").GetString()));
        Assert.Equal((4m, 1), Summary(products[0].GetProperty("rating")));
    }

    [Theory]
    [InlineData("{}"), InlineData("""{"stars":0}"""), InlineData("""{"stars":6}"""), InlineData("""{"stars":4.5}"""), InlineData("""{"stars":5,"comment":5}"""), InlineData("""{"stars":5,"comment":"a\u0000b"}"""), InlineData("[]")]
    public async Task A_rating_that_makes_no_sense_is_refused(string body)
    {
        var product = await shop.CreateAsync();
        using var customer = shop.Service.Client(TestTokens.Shared.Customer(await BuyerOfAsync(product)));
        using var content = new StringContent(body, System.Net.Http.Headers.MediaTypeHeaderValue.Parse("application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, (await customer.PutAsync($"/api/products/{product}/ratings", content)).StatusCode);
        using var tooLong = await customer.PutAsJsonAsync($"/api/products/{product}/ratings", new { stars = 5, comment = new string('x', 2_001) });
        Assert.Equal(HttpStatusCode.BadRequest, tooLong.StatusCode);
    }
}
