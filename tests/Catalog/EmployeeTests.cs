using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using Rosa.Testing;

namespace Rosa.Catalog.Tests;

public sealed class EmployeeTests(CatalogShop shop) : IClassFixture<CatalogShop>
{
    [Fact]
    public async Task A_new_product_is_answered_as_it_is_read()
    {
        using var created = await shop.Employee.PostAsJsonAsync("/api/products", CatalogShop.Product("Panier", 39.90m, "dog", 4));
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var body = await created.Content.ReadAsStringAsync();
        using var read = await shop.Guest.GetAsync(created.Headers.Location);
        Assert.Equal(body, await read.Content.ReadAsStringAsync());
        Assert.Equal(created.Headers.ETag, read.Headers.ETag);
        Assert.Contains("\"price\":39.90,", body, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Only_employees_change_products()
    {
        using var customer = shop.Service.Client(TestTokens.Shared.Customer(Guid.CreateVersion7()));
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.Guest.PostAsJsonAsync("/api/products", CatalogShop.Product())).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.PostAsJsonAsync("/api/products", CatalogShop.Product())).StatusCode);
        var product = await shop.CreateAsync();
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.PutAsJsonAsync($"/api/products/{product}", CatalogShop.Product())).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.DeleteAsync($"/api/products/{product}")).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.PatchAsJsonAsync($"/api/products/{product}/inventory", new { quantity = 1, reason = "x" })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.GetAsync($"/api/products/{product}/inventory/history")).StatusCode);
    }

    public static TheoryData<string> Nonsense =>
    [
        "{}", "[]", "null", "{", "{\"title\":\"x\"}",
        Body("\"\"", "10", "\"dog\"", "1"), Body("\"a\\u0000b\"", "10", "\"dog\"", "1"), Body("5", "10", "\"dog\"", "1"),
        Body("\"x\"", "10.001", "\"dog\"", "1"), Body("\"x\"", "-1", "\"dog\"", "1"), Body("\"x\"", "0", "\"dog\"", "1"), Body("\"x\"", "10000000000", "\"dog\"", "1"), Body("\"x\"", "1e400", "\"dog\"", "1"),
        Body("\"x\"", "10", "\"unicorn\"", "1"), Body("\"x\"", "10", "null", "1"), Body("\"x\"", "10", "\"dog\"", "-1"), Body("\"x\"", "10", "\"dog\"", "1.5"), Body("\"x\"", "10", "\"dog\"", "null"),
        Body($"\"{new string('x', 201)}\"", "10", "\"dog\"", "1"), Body("\"x\"", "10", "\"dog\"", "1", ",\"imageUrl\":\"javascript:alert(1)\""),
        Body("\"x\"", "10", "\"dog\"", "1", ",\"imageUrl\":\"//evil.example/x\""), Body("\"x\"", "10", "\"dog\"", "1", ",\"translations\":{\"en\":{\"title\":\"\",\"description\":\"\"}}"),
    ];

    static string Body(string title, string price, string category, string quantity, string more = "") =>
        $$"""{"title":{{title}},"description":"d","price":{{price}},"category":{{category}},"quantity":{{quantity}}{{more}}}""";

    [Theory, MemberData(nameof(Nonsense))]
    public async Task A_product_that_makes_no_sense_is_refused(string body)
    {
        using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var response = await shop.Employee.PostAsync("/api/products", content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task If_match_compares_what_is_said_of_a_product_and_not_its_stock()
    {
        var product = await shop.CreateAsync(quantity: 5);
        var tag = (await shop.Guest.GetAsync($"/api/products/{product}")).Headers.ETag!.Tag;
        await shop.ReserveAsync(Guid.CreateVersion7(), (product, 1));

        using var changed = await PutAsync(product, tag, "Changé");
        Assert.Equal(HttpStatusCode.OK, changed.StatusCode);
        Assert.Equal("Changé", (await changed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("title").GetString());
        using var late = await PutAsync(product, tag, "Trop tard");
        Assert.Equal(HttpStatusCode.PreconditionFailed, late.StatusCode);
        using var delete = new HttpRequestMessage(HttpMethod.Delete, $"/api/products/{product}");
        delete.Headers.TryAddWithoutValidation("If-Match", tag);
        Assert.Equal(HttpStatusCode.PreconditionFailed, (await shop.Employee.SendAsync(delete)).StatusCode);
        using var anyway = await PutAsync(product, "*", "Quand même");
        Assert.Equal(HttpStatusCode.OK, anyway.StatusCode);
    }

    [Fact]
    public async Task Of_two_employees_who_change_the_same_reading_one_is_told()
    {
        for (var round = 0; round < 30; round++)
        {
            var product = await shop.CreateAsync();
            var tag = (await shop.Guest.GetAsync($"/api/products/{product}")).Headers.ETag!.Tag;
            var answers = await Task.WhenAll(PutAsync(product, tag, "Un"), PutAsync(product, tag, "Deux"));
            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.PreconditionFailed], answers.Select(answer => answer.StatusCode).Order());
        }
    }

    [Fact]
    public async Task A_withdrawn_product_is_gone_everywhere()
    {
        var product = await shop.CreateAsync(quantity: 5);
        Assert.Equal(HttpStatusCode.NoContent, (await shop.Employee.DeleteAsync($"/api/products/{product}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Employee.DeleteAsync($"/api/products/{product}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Guest.GetAsync($"/api/products/{product}")).StatusCode);
        using var put = await PutAsync(product, "*", "Retour");
        Assert.Equal(HttpStatusCode.NotFound, put.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Employee.PatchAsJsonAsync($"/api/products/{product}/inventory", new { quantity = 1, reason = "x" })).StatusCode);
        using var check = await shop.Guest.PostAsJsonAsync("/api/products/check-stock", new { items = new[] { new { productId = product, quantity = 1 } } });
        Assert.Equal("UNKNOWN", (await check.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("items")[0].GetProperty("status").GetString());
    }

    [Fact]
    public async Task Stock_is_checked_line_by_line()
    {
        var few = await shop.CreateAsync(quantity: 1);
        var plenty = await shop.CreateAsync(quantity: 9);
        using var response = await shop.Guest.PostAsJsonAsync("/api/products/check-stock",
            new { items = new[] { new { productId = few, quantity = 1 }, new { productId = plenty, quantity = 2 }, new { productId = few, quantity = 1 } } });
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.False(answer.GetProperty("allAvailable").GetBoolean());
        Assert.Equal(["INSUFFICIENT", "AVAILABLE"], answer.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("status").GetString()));
        Assert.True(response.Headers.CacheControl!.NoStore);
    }

    [Theory]
    [InlineData("{}"), InlineData("""{"items":[]}"""), InlineData("""{"items":[null]}"""), InlineData("""{"items":[{"productId":"x","quantity":1}]}""")]
    [InlineData("""{"items":[{"productId":"01900000-0000-7000-8000-000000000000","quantity":-1}]}"""), InlineData("""{"items":[{"quantity":1}]}""")]
    public async Task A_stock_question_that_makes_no_sense_is_refused(string body)
    {
        using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, (await shop.Guest.PostAsync("/api/products/check-stock", content)).StatusCode);
    }

    [Fact]
    public async Task The_inventory_remembers_who_changed_what_and_why_and_every_sale()
    {
        var product = await shop.CreateAsync(quantity: 5);
        using var delivered = await shop.Employee.PatchAsJsonAsync($"/api/products/{product}/inventory", new { quantity = 3, reason = "livraison" });
        Assert.Equal(8, (await delivered.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("newQuantity").GetInt32());
        var order = Guid.CreateVersion7();
        await shop.ReserveAsync(order, (product, 2));
        await shop.CommitAsync(order);
        await shop.ReleaseAsync(order);

        var history = await shop.Employee.GetFromJsonAsync<JsonElement>($"/api/products/{product}/inventory/history");
        var changes = history.GetProperty("changes").EnumerateArray().ToList();
        Assert.Equal([("sale cancelled", 2), ("sale", -2), ("livraison", 3), ("first stock", 5)],
            changes.Select(change => (change.GetProperty("reason").GetString(), change.GetProperty("change").GetInt32())));
        Assert.Equal(order, changes[1].GetProperty("orderId").GetGuid());
        Assert.Equal(shop.EmployeeId, changes[2].GetProperty("by").GetGuid());
        Assert.Equal(4, history.GetProperty("total").GetInt32());
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Employee.GetAsync($"/api/products/{Guid.CreateVersion7()}/inventory/history")).StatusCode);
    }

    [Theory]
    [InlineData("""{"quantity":-6,"reason":"casse"}""", 422), InlineData("""{"quantity":0,"reason":"x"}""", 400), InlineData("""{"quantity":1}""", 400)]
    [InlineData("""{"quantity":1,"reason":""}""", 400), InlineData("""{"quantity":1.5,"reason":"x"}""", 400), InlineData("""{"quantity":99999999999,"reason":"x"}""", 400), InlineData("{}", 400)]
    public async Task An_inventory_change_that_cannot_be_is_refused(string body, int status)
    {
        var product = await shop.CreateAsync(quantity: 5);
        using var content = new StringContent(body, new MediaTypeHeaderValue("application/json"));
        using var response = await shop.Employee.PatchAsync($"/api/products/{product}/inventory", content);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal((5, 0, 0), await shop.StockAsync(product));
    }

    [Fact]
    public async Task The_described_api_names_every_member_that_is_answered()
    {
        var product = await shop.CreateAsync(quantity: 5);
        var schemas = (await shop.GetAsync("/openapi/v1.json")).GetProperty("components").GetProperty("schemas");
        var card = (await shop.GetAsync("/api/products?limit=1")).GetProperty("products")[0];
        AssertDescribed(schemas.GetProperty("ProductCard"), card);
        AssertDescribed(schemas.GetProperty("ProductDetail"), await shop.GetAsync($"/api/products/{product}"));
        AssertDescribed(schemas.GetProperty("CategoryNode"), (await shop.GetAsync("/api/categories")).GetProperty("categories")[0]);
    }

    static void AssertDescribed(JsonElement schema, JsonElement answer)
    {
        var described = schema.GetProperty("properties").EnumerateObject().Select(member => member.Name).Where(name => name != "discountedPrice").Order().ToList();
        Assert.Equal(described, answer.EnumerateObject().Select(member => member.Name).Order());
    }

    async Task<HttpResponseMessage> PutAsync(Guid product, string tag, string title)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, $"/api/products/{product}")
        {
            Content = JsonContent.Create(new { title, description = "d", price = 5, category = "dog" }),
        };
        request.Headers.TryAddWithoutValidation("If-Match", tag);
        return await shop.Employee.SendAsync(request);
    }
}
