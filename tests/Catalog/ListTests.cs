using System.Net;
using System.Text.Json;

namespace Rosa.Catalog.Tests;

public sealed class ListTests(CatalogShop shop) : IClassFixture<CatalogShop>
{
    static List<string> Titles(JsonElement page) => [.. page.GetProperty("products").EnumerateArray().Select(product => product.GetProperty("title").GetString()!)];

    [Fact]
    public async Task A_category_lists_what_lies_below_it_in_every_order()
    {
        var animal = $"hen-{Guid.NewGuid():n}";
        await shop.ExecuteAsync($"insert into categories (slug, title) values ('{animal}', 'Poule'); insert into categories (slug, parent, title) values ('{animal}-food', '{animal}', 'Grain')");
        await shop.CreateAsync(CatalogShop.Product("Grain", 5m, $"{animal}-food"));
        await shop.CreateAsync(CatalogShop.Product("Abri", 90m, animal, quantity: 0));
        var rated = await shop.CreateAsync(CatalogShop.Product("Perchoir", 20m, animal));
        await shop.ExecuteAsync($"update products set rating_count = 2, rating_sum = 9 where product_id = '{rated}'");

        Assert.Equal(["Perchoir", "Abri", "Grain"], Titles(await shop.GetAsync($"/api/products?category={animal}")));
        Assert.Equal(["Grain", "Perchoir", "Abri"], Titles(await shop.GetAsync($"/api/products?category={animal}&sort=price")));
        Assert.Equal(["Abri", "Perchoir", "Grain"], Titles(await shop.GetAsync($"/api/products?category={animal}&sort=-price")));
        Assert.Equal("Perchoir", Titles(await shop.GetAsync($"/api/products?category={animal}&sort=rating"))[0]);
        Assert.Equal(["Perchoir", "Grain"], Titles(await shop.GetAsync($"/api/products?category={animal}&inStock=true")));
        Assert.Equal(["Perchoir"], Titles(await shop.GetAsync($"/api/products?category={animal}&minPrice=6&maxPrice=20")));
        Assert.Equal(["Grain"], Titles(await shop.GetAsync($"/api/products?category={animal}-food")));

        var second = await shop.GetAsync($"/api/products?category={animal}&limit=2&page=2");
        Assert.Equal(["Grain"], Titles(second));
        Assert.Equal((3, 2, 2), (second.GetProperty("total").GetInt32(), second.GetProperty("page").GetInt32(), second.GetProperty("limit").GetInt32()));
        var beyond = await shop.GetAsync($"/api/products?category={animal}&page=9");
        Assert.Equal(0, beyond.GetProperty("products").GetArrayLength());
        Assert.Equal(3, beyond.GetProperty("total").GetInt32());
        Assert.Equal(4.5m, (await shop.GetAsync($"/api/products/{rated}")).GetProperty("rating").GetProperty("average").GetDecimal());
    }

    [Fact]
    public async Task An_unknown_category_is_an_empty_list() =>
        Assert.Equal(0, (await shop.GetAsync("/api/products?category=unicorn")).GetProperty("total").GetInt32());

    [Fact]
    public async Task Every_page_together_is_the_whole_list_once()
    {
        await shop.ExecuteAsync("insert into categories (slug, title) values ('horse', 'Cheval')");
        for (var i = 0; i < 25; i++) await shop.CreateAsync(CatalogShop.Product($"Laisse {i}", 7m, "horse"));
        foreach (var order in new[] { "", "&sort=price", "&sort=-price", "&sort=rating", "&search=laisse", "&search=laisse&sort=price" })
        {
            var seen = new List<Guid>();
            for (var page = 1; page <= 6; page++)
                seen.AddRange((await shop.GetAsync($"/api/products?category=horse{order}&limit=5&page={page}")).GetProperty("products").EnumerateArray().Select(product => product.GetProperty("productId").GetGuid()));
            Assert.Equal(25, seen.Count);
            Assert.Equal(25, seen.Distinct().Count());
        }
    }

    [Fact]
    public async Task A_search_finds_words_without_accents_in_both_languages_and_titles_first()
    {
        var word = $"zorglub{Random.Shared.Next():x}";
        await shop.CreateAsync(CatalogShop.Product("Autre chose", description: $"Pour {word} et litière"));
        await shop.CreateAsync(new
        {
            title = $"Litière {word}",
            description = "x",
            price = 3,
            category = "cat",
            quantity = 1,
            translations = new { en = new { title = $"Cosy litter {word}", description = "Soft." } },
        });
        Assert.Equal([$"Litière {word}", "Autre chose"], Titles(await shop.GetAsync($"/api/products?search=litiere%20{word}")));
        Assert.Equal([$"Litière {word}", "Autre chose"], Titles(await shop.GetAsync($"/api/products?search={word}")));
        Assert.Equal([$"Litière {word}"], Titles(await shop.GetAsync($"/api/products?search=cosy%20{word}")));
        Assert.Equal([$"Litière {word}"], Titles(await shop.GetAsync($"/api/products?search={word}&category=cat&inStock=true&sort=price")));
        Assert.Equal(2, (await shop.GetAsync($"/api/products?search={word}&minPrice=1")).GetProperty("total").GetInt32());
        Assert.Equal(0, (await shop.GetAsync($"/api/products?search={word}%20nothing")).GetProperty("total").GetInt32());
    }

    [Theory]
    [InlineData("crokettes", "Croquettes"), InlineData("coquette", "Croquettes"), InlineData("croqutte", "Croquettes"), InlineData("tapiz", "Tapis"), InlineData("TAPSI%20croquete", "Tapis"), InlineData("mouslin", "Mouselin")]
    public async Task A_search_that_finds_nothing_finds_the_nearest_words(string search, string title)
    {
        await shop.ExecuteAsync("insert into categories (slug, title) values ('typos', 'Fautes') on conflict do nothing");
        await shop.CreateAsync(CatalogShop.Product("Tapis à croquettes Mouseline", category: "typos"));
        await shop.CreateAsync(CatalogShop.Product("Croquettes Mouseline", category: "typos"));
        var page = await shop.GetAsync($"/api/products?search={search}&category=typos");
        Assert.Contains(Titles(page), found => found.Contains(title, StringComparison.OrdinalIgnoreCase));
        Assert.Contains(title, page.GetProperty("searchedFor").GetString()!, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_search_that_finds_something_is_not_forgiving()
    {
        await shop.ExecuteAsync("insert into categories (slug, title) values ('strict', 'Exact') on conflict do nothing");
        await shop.CreateAsync(CatalogShop.Product("Gamelle", category: "strict"));
        Assert.False((await shop.GetAsync("/api/products?search=gamelle&category=strict")).TryGetProperty("searchedFor", out _));
        Assert.Equal(0, (await shop.GetAsync("/api/products?search=%22gamalle%22&category=strict")).GetProperty("total").GetInt32());
        Assert.Equal(0, (await shop.GetAsync("/api/products?search=gamalle%20-x&category=strict")).GetProperty("total").GetInt32());
        Assert.Equal(1, (await shop.GetAsync("/api/products?search=gamalle&category=strict&inStock=true&sort=price&page=1")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task Facets_tell_what_a_list_could_be_narrowed_to()
    {
        await shop.ExecuteAsync("insert into categories (slug, title, translations) values ('fish', 'Poisson', '{}') on conflict do nothing");
        await shop.ExecuteAsync("""insert into categories (slug, parent, title, translations, position) values ('fish-b', 'fish', 'Bocaux', '{"en": {"title": "Bowls"}}', 2), ('fish-a', 'fish', 'Aquariums', '{}', 1) on conflict do nothing""");
        await shop.CreateAsync(CatalogShop.Product("Aquarium bleu", 100m, "fish-a"));
        await shop.CreateAsync(CatalogShop.Product("Aquarium vert", 99.99m, "fish-a", quantity: 0));
        await shop.CreateAsync(CatalogShop.Product("Bocal bleu", 10m, "fish-b"));
        await shop.CreateAsync(CatalogShop.Product("Sable bleu", 9.99m, "fish"));

        Assert.False((await shop.GetAsync("/api/products?category=fish")).TryGetProperty("facets", out _));
        Assert.Equal(("Aquariums 2, Bocaux 1", "1 1 0 1 1", 3), await FacetsAsync("category=fish"));
        Assert.Equal(("Aquariums 1, Bocaux 1", "1 1 0 0 1", 3), await FacetsAsync("category=fish&inStock=true"));
        Assert.Equal(("Aquariums 1, Bocaux 1", "1 1 0 1 1", 1), await FacetsAsync("category=fish&minPrice=10&maxPrice=99.99"));
        Assert.Equal(("Aquariums 1, Bocaux 1", "1 1 0 0 1", 3), await FacetsAsync("category=fish&search=bleu"));
        Assert.Equal(("Aquariums 1, Bocaux 1", "1 1 0 0 1", 3), await FacetsAsync("category=fish&search=bleue&sort=price"));
        Assert.Contains("Poisson 4", (await FacetsAsync("limit=1")).Categories, StringComparison.Ordinal);
        Assert.Equal(("", "0 0 0 0 0", 0), await FacetsAsync("category=unicorn"));

        var schema = (await shop.GetAsync("/openapi/v1.json")).GetProperty("components").GetProperty("schemas").GetProperty("ProductFacets").GetProperty("properties");
        Assert.Equal(["categories", "inStock", "prices"], schema.EnumerateObject().Select(member => member.Name).Order());
    }

    async Task<(string Categories, string Prices, int InStock)> FacetsAsync(string query)
    {
        var facets = (await shop.GetAsync($"/api/products?facets=true&{query}")).GetProperty("facets");
        return (
            string.Join(", ", facets.GetProperty("categories").EnumerateArray().Select(category => $"{category.GetProperty("title").GetString()} {category.GetProperty("count").GetInt32()}")),
            string.Join(' ', facets.GetProperty("prices").EnumerateArray().Select(price => price.GetProperty("count").GetInt32())),
            facets.GetProperty("inStock").GetProperty("count").GetInt32());
    }

    [Fact]
    public async Task Texts_are_in_the_language_asked_for()
    {
        var product = await shop.CreateAsync(new
        {
            title = "Balle",
            description = "Ronde.",
            price = 3,
            category = "dog-toys",
            quantity = 1,
            translations = new { en = new { title = "Ball", description = "Round." } },
        });
        using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/products/{product}");
        request.Headers.TryAddWithoutValidation("Accept-Language", "de, en-GB;q=0.8, fr;q=0.5");
        using var english = await shop.Guest.SendAsync(request);
        Assert.Equal(["en"], english.Content.Headers.ContentLanguage);
        Assert.Equal(["Accept-Language"], english.Headers.Vary);
        var text = await english.Content.ReadAsStringAsync();
        Assert.Contains("Ball\"", text, StringComparison.Ordinal);
        Assert.Contains("Round.", text, StringComparison.Ordinal);
        Assert.Equal("Balle", (await shop.GetAsync($"/api/products/{product}")).GetProperty("title").GetString());
    }

    [Fact]
    public async Task Who_has_the_latest_answer_already_is_told_so_until_stock_changes()
    {
        var product = await shop.CreateAsync(quantity: 5);
        using var first = await shop.Guest.GetAsync($"/api/products/{product}");
        Assert.NotNull(first.Headers.CacheControl);

        async Task<HttpStatusCode> AgainAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"/api/products/{product}");
            request.Headers.IfNoneMatch.Add(first.Headers.ETag!);
            using var response = await shop.Guest.SendAsync(request);
            return response.StatusCode;
        }
        Assert.Equal(HttpStatusCode.NotModified, await AgainAsync());
        await shop.ReserveAsync(Guid.CreateVersion7(), (product, 1));
        Assert.Equal(HttpStatusCode.OK, await AgainAsync());
    }

    [Fact]
    public async Task A_picture_is_served_with_headers_that_keep_it_harmless()
    {
        var image = Guid.CreateVersion7();
        var product = await shop.CreateAsync();
        await shop.ExecuteAsync($"insert into product_images (image_id, product_id, content_type, content) values ('{image}', '{product}', 'image/svg+xml', '<svg xmlns=\"http://www.w3.org/2000/svg\"/>')");
        using var response = await shop.Guest.GetAsync($"/api/images/{image}");
        Assert.Equal("image/svg+xml", response.Content.Headers.ContentType!.ToString());
        Assert.Contains("sandbox", response.Headers.GetValues("Content-Security-Policy").Single(), StringComparison.Ordinal);
        Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/images/{image}");
        again.Headers.IfNoneMatch.Add(response.Headers.ETag!);
        using var known = await shop.Guest.SendAsync(again);
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Guest.GetAsync($"/api/images/{Guid.CreateVersion7()}")).StatusCode);
        Assert.Equal(image, (await shop.GetAsync($"/api/products/{product}")).GetProperty("images")[0].GetProperty("imageId").GetGuid());
    }

    [Theory]
    [InlineData("page=0"), InlineData("page=10001"), InlineData("page=x"), InlineData("limit=0"), InlineData("limit=101"), InlineData("limit=-1")]
    [InlineData("sort=cheapest"), InlineData("minPrice=-1"), InlineData("minPrice=1.234"), InlineData("maxPrice=99999999999"), InlineData("maxPrice=1e400")]
    [InlineData("inStock=perhaps"), InlineData("search=%00"), InlineData("category=%00"), InlineData("page=99999999999999999999")]
    public async Task A_list_that_makes_no_sense_is_refused(string query)
    {
        using var response = await shop.Guest.GetAsync($"/api/products?{query}");
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_search_that_cannot_be_stored_leaves_nothing_behind_for_the_next()
    {
        for (var round = 0; round < 3; round++)
        {
            using var refused = await shop.Guest.GetAsync("/api/products?search=%00&inStock=true&limit=7");
            Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
            using var answered = await shop.Guest.GetAsync("/api/products?search=laisse&inStock=true&limit=7");
            Assert.Equal(HttpStatusCode.OK, answered.StatusCode);
        }
    }

    [Theory]
    [InlineData("search='%20or%201=1%20--"), InlineData("search=%25%26%7C!()"), InlineData("search=-chien"), InlineData("search=%F0%9F%90%95"), InlineData("search=%ED%A0%80")]
    [InlineData("category=DOG';drop"), InlineData("minPrice=50&maxPrice=1"), InlineData("page=10000&limit=100"), InlineData("search=le&sort=relevance"), InlineData("sort=relevance")]
    public async Task A_strange_list_is_still_answered(string query)
    {
        using var response = await shop.Guest.GetAsync($"/api/products?{query}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("/api/products/not-an-id"), InlineData("/api/products/01900000-0000-7000-8000-000000000000"), InlineData("/api/images/x")]
    public async Task What_is_not_there_is_not_found(string path) => Assert.Equal(HttpStatusCode.NotFound, (await shop.Guest.GetAsync(path)).StatusCode);
}
