using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Rosa.Contracts.Orders;
using Rosa.Testing;

namespace Rosa.Catalog.Tests;

/// <summary>What those read who keep the catalog: sheets, low stock, ratings of all products.</summary>
public sealed class KeepingTests(CatalogShop shop) : IClassFixture<CatalogShop>
{
    [Fact]
    public async Task A_sheet_has_both_languages_and_its_tag_allows_a_change_whatever_was_sold_meanwhile()
    {
        var product = await shop.CreateAsync(new { title = "Panier", description = "Doux.", price = 40m, category = "dog", quantity = 9, translations = new { en = new { title = "Basket", description = "Soft." } }, sku = "P-1" });
        using var read = await shop.Employee.GetAsync($"/api/products/{product}/sheet");
        var sheet = await read.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("Panier", "Basket", "P-1", 9, 0), (sheet.GetProperty("title").GetString(), sheet.GetProperty("translations").GetProperty("en").GetProperty("title").GetString(),
            sheet.GetProperty("sku").GetString(), sheet.GetProperty("available").GetInt32(), sheet.GetProperty("reserved").GetInt32()));
        Assert.Contains("no-store", read.Headers.CacheControl!.ToString(), StringComparison.Ordinal);

        await shop.ReserveAsync(Guid.CreateVersion7(), (product, 2));
        Assert.Equal(HttpStatusCode.OK, await ChangeAsync(product, read.Headers.ETag!));
        Assert.Equal(HttpStatusCode.PreconditionFailed, await ChangeAsync(product, read.Headers.ETag!));
    }

    async Task<HttpStatusCode> ChangeAsync(Guid product, EntityTagHeaderValue tag)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/products/{product}") { Content = JsonContent.Create(CatalogShop.Product()) };
        request.Headers.IfMatch.Add(tag);
        using var response = await shop.Employee.SendAsync(request);
        return response.StatusCode;
    }

    [Fact]
    public async Task A_withdrawn_product_still_has_its_sheet_and_an_unknown_one_is_404()
    {
        var product = await shop.CreateAsync();
        await shop.Employee.DeleteAsync($"/api/products/{product}");
        var sheet = await shop.Employee.GetFromJsonAsync<JsonElement>($"/api/products/{product}/sheet");
        Assert.Equal(JsonValueKind.String, sheet.GetProperty("withdrawnAt").ValueKind);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Employee.GetAsync($"/api/products/{Guid.NewGuid()}/sheet")).StatusCode);
    }

    [Fact]
    public async Task Low_stock_goes_by_the_products_own_threshold_else_the_shops_and_leaves_out_what_is_withdrawn()
    {
        var (empty, low, own, enough, gone) = (await shop.CreateAsync(0), await shop.CreateAsync(5), await shop.CreateAsync(20), await shop.CreateAsync(6), await shop.CreateAsync(1));
        await shop.Employee.PutAsJsonAsync($"/api/products/{own}/inventory/threshold", new { lowAt = 20 });
        await shop.Employee.DeleteAsync($"/api/products/{gone}");
        var page = await shop.Employee.GetFromJsonAsync<JsonElement>("/api/products/low-stock?limit=100");
        var found = page.GetProperty("products").EnumerateArray().Select(product => product.GetProperty("productId").GetGuid()).ToList();
        Assert.Equal([empty, low, own], found.Where(id => new[] { empty, low, own, enough, gone }.Contains(id)));
        Assert.Equal(found.Count, page.GetProperty("total").GetInt32());
        foreach (var query in new[] { "page=0", "limit=0", "limit=101" }) Assert.Equal(HttpStatusCode.BadRequest, (await shop.Employee.GetAsync($"/api/products/low-stock?{query}")).StatusCode);
    }

    [Fact]
    public async Task A_rating_that_is_taken_down_no_longer_counts_and_its_writer_may_rate_again()
    {
        var (product, buyer) = (await shop.CreateAsync(), Guid.CreateVersion7());
        await shop.TellAsync(new OrderCreated(Guid.CreateVersion7(), buyer, [new OrderedItem(product, "x", 5m, 1, 5m)], 5m, 0m, 5m, "EUR",
            new ShippingAddress("Rosa Exemple", "1 rue de l'Exemple", null, "75000", "Paris", "FR"), DateTimeOffset.UtcNow));
        using var customer = shop.Service.Client(TestTokens.Shared.Customer(buyer));
        await customer.PutAsJsonAsync($"/api/products/{product}/ratings", new { stars = 1, comment = "Non." });

        var all = await shop.Employee.GetFromJsonAsync<JsonElement>($"/api/products/ratings?productId={product}&stars=1");
        var rating = all.GetProperty("ratings").EnumerateArray().Single();
        Assert.Equal(("Non.", buyer), (rating.GetProperty("comment").GetString(), rating.GetProperty("userId").GetGuid()));
        Assert.Equal(0, (await shop.Employee.GetFromJsonAsync<JsonElement>($"/api/products/ratings?productId={product}&stars=5")).GetProperty("total").GetInt32());

        Assert.Equal(HttpStatusCode.NoContent, (await shop.Employee.DeleteAsync($"/api/products/{product}/ratings/{buyer}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Employee.DeleteAsync($"/api/products/{product}/ratings/{buyer}")).StatusCode);
        Assert.Equal(0, (await shop.GetAsync($"/api/products/{product}")).GetProperty("rating").GetProperty("count").GetInt32());
        Assert.Equal(HttpStatusCode.OK, (await customer.PutAsJsonAsync($"/api/products/{product}/ratings", new { stars = 5 })).StatusCode);
    }

    [Fact]
    public async Task None_of_it_is_for_customers()
    {
        using var customer = shop.Service.Client(TestTokens.Shared.Customer(Guid.CreateVersion7()));
        var product = await shop.CreateAsync();
        foreach (var path in new[] { $"/api/products/{product}/sheet", "/api/products/low-stock", "/api/products/ratings" })
        {
            Assert.Equal(HttpStatusCode.Forbidden, (await customer.GetAsync(path)).StatusCode);
            Assert.Equal(HttpStatusCode.Unauthorized, (await shop.Guest.GetAsync(path)).StatusCode);
        }
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.DeleteAsync($"/api/products/{product}/ratings/{Guid.NewGuid()}")).StatusCode);
    }
}
