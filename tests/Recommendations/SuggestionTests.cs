using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Rosa.Contracts.Users;
using Rosa.Testing;

namespace Rosa.Recommendations.Tests;

public sealed class SuggestionTests(Shop shop) : IClassFixture<Shop>
{
    [Fact]
    public async Task Who_bought_litter_is_suggested_the_scoop_that_others_bought_with_it_and_told_why()
    {
        var (litter, scoop, other) = (await shop.ProductAsync("Litière douce"), await shop.ProductAsync("Pelle"), await shop.ProductAsync("Balle"));
        for (var i = 0; i < 3; i++) await shop.BuyAsync(null, litter, scoop);
        await shop.BuyAsync(null, other);
        var customer = (await shop.BuyAsync(null, litter)).UserId;

        var first = (await shop.SuggestedToAsync(customer))[0];
        Assert.Equal((scoop, "Pelle", "Parce que vous avez acheté « Litière douce »"), (first.ProductId, first.Title, first.Reason));
        Assert.InRange(first.Score, 0.05, 1);
        Assert.Equal("Because you bought “Litière douce (en)”", (await shop.SuggestedToAsync(customer, language: "en-GB"))[0].Reason);
    }

    [Fact]
    public async Task Nothing_already_bought_sold_out_or_withdrawn_is_suggested_and_the_same_is_answered_again()
    {
        var bought = await shop.ProductAsync("Acheté");
        var (sold, gone, left) = (await shop.ProductAsync("Épuisé", quantity: 0), await shop.ProductAsync("Retiré"), await shop.ProductAsync("Reste"));
        for (var i = 0; i < 2; i++) await shop.BuyAsync(null, bought, sold, gone, left);
        using (var employee = shop.Catalog.Client(TestTokens.Shared.Employee())) Assert.Equal(HttpStatusCode.NoContent, (await employee.DeleteAsync($"/api/products/{gone}")).StatusCode);
        var customer = (await shop.BuyAsync(null, bought)).UserId;

        var suggested = await shop.SuggestedToAsync(customer, "?limit=100");
        Assert.Contains(suggested, entry => entry.ProductId == left);
        Assert.DoesNotContain(suggested, entry => entry.ProductId == bought || entry.ProductId == sold || entry.ProductId == gone);
        Assert.All(suggested.Zip(suggested.Skip(1)), pair => Assert.True(pair.First.Score >= pair.Second.Score));
        Assert.Equal(suggested, await shop.SuggestedToAsync(customer, "?limit=100"));
        Assert.Equal(suggested.Take(2), await shop.SuggestedToAsync(customer, "?limit=2"));
        Assert.True((await shop.SuggestedToAsync(customer)).Count <= 5);
    }

    [Fact]
    public async Task What_is_in_stock_again_is_suggested_again()
    {
        var (seed, perch) = (await shop.ProductAsync("Graines"), await shop.ProductAsync("Perchoir", quantity: 0));
        await shop.BuyAsync(null, seed, perch);
        var customer = (await shop.BuyAsync(null, seed)).UserId;
        Assert.DoesNotContain(await shop.SuggestedToAsync(customer, "?limit=100"), entry => entry.ProductId == perch);

        using var employee = shop.Catalog.Client(TestTokens.Shared.Employee());
        using var delivered = await employee.PatchAsJsonAsync($"/api/products/{perch}/inventory", new { quantity = 3, reason = "delivery" });
        Assert.True(delivered.IsSuccessStatusCode);
        Assert.Equal(perch, (await shop.SuggestedToAsync(customer))[0].ProductId);
    }

    [Theory]
    [InlineData("?limit=0")]
    [InlineData("?limit=101")]
    [InlineData("?limit=-1")]
    [InlineData("?limit=many")]
    public async Task A_limit_out_of_bounds_is_refused(string query)
    {
        var customer = Guid.CreateVersion7();
        using var client = shop.Service.Client(TestTokens.Shared.Customer(customer));
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"/api/recommendations/{customer}{query}")).StatusCode);
        Assert.Equal(HttpStatusCode.BadRequest, (await client.GetAsync($"/api/products/{await shop.ProductAsync("Peu importe")}/related{query}")).StatusCode);
    }

    [Fact]
    public async Task Recommendations_are_told_to_the_customer_alone()
    {
        var (customer, stranger) = (Guid.CreateVersion7(), Guid.CreateVersion7());
        async Task<HttpStatusCode> AskAsync(string? token, string who)
        {
            using var client = shop.Service.Client(token);
            using var answer = await client.GetAsync($"/api/recommendations/{who}");
            return answer.StatusCode;
        }

        Assert.Equal(HttpStatusCode.OK, await AskAsync(TestTokens.Shared.Customer(customer), $"{customer}"));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(TestTokens.Shared.Customer(stranger), $"{customer}"));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(TestTokens.Shared.Employee(), $"{customer}"));
        Assert.Equal(HttpStatusCode.NotFound, await AskAsync(TestTokens.Shared.Customer(customer), "me"));
        Assert.Equal(HttpStatusCode.Unauthorized, await AskAsync(null, $"{customer}"));
    }

    [Fact]
    public async Task With_a_product_come_those_bought_with_it_and_then_its_shelf_for_everybody()
    {
        var (hay, bottle, shelf) = (await shop.ProductAsync("Foin", "dog"), await shop.ProductAsync("Biberon", "cat"), await shop.ProductAsync("Voisin", "dog"));
        await shop.BuyAsync(null, hay, bottle);

        using var guest = shop.Service.Client();
        using var answer = await guest.GetAsync($"/api/products/{hay}/related?limit=100");
        Assert.Equal(("public, max-age=10", "Accept-Language"), (answer.Headers.CacheControl!.ToString(), answer.Headers.Vary.Single()));
        var related = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("recommendations").Deserialize<List<Entry>>(JsonSerializerOptions.Web)!;
        Assert.Equal((bottle, "Souvent acheté avec « Foin »"), (related[0].ProductId, related[0].Reason));
        Assert.Contains(related, entry => entry.ProductId == shelf && entry.Reason == "Dans le même rayon");
        Assert.DoesNotContain(related, entry => entry.ProductId == hay);
        Assert.Equal("Often bought with “Foin (en)”", (await shop.RelatedAsync(hay, language: "en"))[0].Reason);
    }

    [Fact]
    public async Task Of_a_product_that_is_not_for_sale_nothing_is_related()
    {
        using var guest = shop.Service.Client();
        Assert.Equal(HttpStatusCode.NotFound, (await guest.GetAsync($"/api/products/{Guid.NewGuid()}/related")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await guest.GetAsync("/api/products/first/related")).StatusCode);
    }

    [Fact]
    public async Task Who_is_deleted_is_forgotten_and_an_order_heard_of_later_does_not_bring_them_back()
    {
        var (one, other) = (await shop.ProductAsync("Un"), await shop.ProductAsync("Deux"));
        var customer = await shop.OwnerAsync("cat");
        await shop.BuyAsync(customer, one, other);
        using var services = shop.Service.Client(TestTokens.Shared.Service("users"));
        async Task<JsonElement> HeldAsync()
        {
            using var answer = await services.PostAsJsonAsync("/internal/personal-data", new { userId = customer, orderIds = Array.Empty<Guid>() });
            return await answer.Content.ReadFromJsonAsync<JsonElement>();
        }
        Assert.Equal(("cat", 2), ((await HeldAsync()).GetProperty("animalType").GetString(), (await HeldAsync()).GetProperty("purchases").GetArrayLength()));

        await shop.TellAsync(new UserDeleted(customer));
        await shop.BuyAsync(customer, one, other);
        await shop.OwnerAsync("dog", customer);
        Assert.Equal(0, (await HeldAsync()).GetProperty("purchases").GetArrayLength());
        Assert.Equal(JsonValueKind.Null, (await HeldAsync()).GetProperty("animalType").ValueKind);
        Assert.Equal(0L, await shop.ReadAsync<long>("select count(*) from orders where user_id = $1", customer));
        Assert.Equal(1, await shop.ReadAsync<int>("select orders from co_purchases where product_id = $1 and other_id = $2", one, other));
    }

    [Fact]
    public async Task Its_routes_are_described()
    {
        using var guest = shop.Service.Client();
        var paths = (await guest.GetFromJsonAsync<JsonElement>("/openapi/v1.json")).GetProperty("paths");
        Assert.Equal(
            ["/api/products/{productId}/related", "/api/recommendations/training", "/api/recommendations/{userId}"],
            paths.EnumerateObject().Select(path => path.Name).Where(path => path.StartsWith("/api/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }
}
