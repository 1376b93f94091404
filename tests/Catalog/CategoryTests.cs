using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Rosa.Testing;

namespace Rosa.Catalog.Tests;

public sealed class CategoryTests(CatalogShop shop, ITestOutputHelper output) : IClassFixture<CatalogShop>
{
    static string NewSlug(string begin) => $"{begin}-{Guid.NewGuid():n}";

    async Task<string> CreateAsync(string begin, string? parent = null)
    {
        var slug = NewSlug(begin);
        using var response = await shop.Employee.PostAsJsonAsync("/api/categories", new { slug, title = begin, parent });
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        return slug;
    }

    Task<HttpResponseMessage> MoveAsync(string slug, string? parent) => shop.Employee.PutAsJsonAsync($"/api/categories/{slug}", new { title = "Moved", parent });

    async Task<int> TotalAsync(string category, string more = "") => (await shop.GetAsync($"/api/products?category={category}{more}")).GetProperty("total").GetInt32();

    static async Task<string?> CodeAsync(HttpResponseMessage response) => (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString();

    [Fact]
    public async Task An_empty_shop_gets_its_first_category_and_its_first_product()
    {
        await using var empty = await TestService.StartAsync(CatalogShop.Catalog);
        using var employee = empty.Client(TestTokens.Shared.Employee());
        using var category = await employee.PostAsJsonAsync("/api/categories", new { slug = "tea", title = "Thé", translations = new { en = new { title = "Tea" } }, position = 3 });
        Assert.Equal(HttpStatusCode.Created, category.StatusCode);
        using var product = await employee.PostAsJsonAsync("/api/products", CatalogShop.Product(category: "tea"));
        Assert.Equal(HttpStatusCode.Created, product.StatusCode);

        using var guest = empty.Client();
        var made = await guest.GetFromJsonAsync<JsonElement>(category.Headers.Location);
        Assert.Equal("Tea", made.GetProperty("translations").GetProperty("en").GetProperty("title").GetString());
        Assert.Equal(("tea", 3, 1), (made.GetProperty("slug").GetString(), made.GetProperty("position").GetInt32(), made.GetProperty("products").GetInt32()));
        Assert.Equal(1, (await guest.GetFromJsonAsync<JsonElement>("/api/products?category=tea")).GetProperty("total").GetInt32());
    }

    [Fact]
    public async Task The_tree_shows_what_was_put_up_and_its_tag_changes()
    {
        using var before = await shop.Guest.GetAsync("/api/categories");
        var top = await CreateAsync("bird");
        var below = await CreateAsync("bird-food", top);
        using var after = await shop.Guest.GetAsync("/api/categories");
        Assert.NotEqual(before.Headers.ETag, after.Headers.ETag);
        var tree = (await after.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("categories").EnumerateArray().Single(node => node.GetProperty("slug").GetString() == top);
        Assert.Equal(below, tree.GetProperty("children")[0].GetProperty("slug").GetString());

        using var renamed = await shop.Employee.PutAsJsonAsync($"/api/categories/{below}", new { title = "Graines", parent = top, translations = new { en = new { title = "Seeds" } } });
        Assert.Equal(HttpStatusCode.OK, renamed.StatusCode);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/categories");
        request.Headers.TryAddWithoutValidation("Accept-Language", "en");
        using var english = await shop.Guest.SendAsync(request);
        Assert.Contains("\"Seeds\"", await english.Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_category_that_moves_takes_its_products_along()
    {
        var from = await CreateAsync("from");
        var to = await CreateAsync("to");
        var moving = await CreateAsync("moving", from);
        var below = await CreateAsync("below", moving);
        await shop.CreateAsync(CatalogShop.Product("Un oreiller bleu", category: moving));
        await shop.CreateAsync(CatalogShop.Product("Un oreiller vert", category: below, quantity: 0));
        Assert.Equal((2, 0, 1), (await TotalAsync(from), await TotalAsync(to), await TotalAsync(from, "&inStock=true")));

        using var moved = await MoveAsync(moving, to);
        Assert.Equal(HttpStatusCode.OK, moved.StatusCode);
        Assert.Equal((0, 2, 2, 1), (await TotalAsync(from), await TotalAsync(to), await TotalAsync(moving), await TotalAsync(below)));
        Assert.Equal((1, 2, 0), (await TotalAsync(to, "&inStock=true"), await TotalAsync(to, "&search=oreiller"), await TotalAsync(from, "&search=oreiller")));
        Assert.Equal(2, (await shop.GetAsync($"/api/products?category={to}&sort=price")).GetProperty("products").GetArrayLength());

        using var up = await MoveAsync(moving, parent: null);
        Assert.Equal((0, 2, 1), (await TotalAsync(to), await TotalAsync(moving), await TotalAsync(below)));
        Assert.Equal([""], (await shop.ReadAsync<string[]>("select path from categories where slug = $1", moving))[..1]);
    }

    [Fact]
    public async Task Lists_are_right_when_categories_move_while_products_come_go_and_sell()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        var tops = new[] { await CreateAsync("one"), await CreateAsync("two"), await CreateAsync("three") };
        var middle = await CreateAsync("middle", tops[0]);
        var leaf = await CreateAsync("leaf", middle);
        string[] all = [.. tops, middle, leaf];
        var products = new List<Guid>();
        for (var round = 0; round < 12; round++)
        {
            var chosen = products.OrderBy(_ => random.Next()).Take(6).ToList();
            var work = new List<Task>
            {
                MoveAsync(middle, tops[random.Next(3)]), MoveAsync(leaf, random.Next(2) == 0 ? middle : tops[random.Next(3)]),
            };
            var created = Enumerable.Range(0, 5).Select(_ => shop.CreateAsync(CatalogShop.Product(category: all[random.Next(5)], quantity: random.Next(3)))).ToList();
            work.AddRange(created);
            work.AddRange(chosen.Take(3).Select(product => shop.ReserveAsync(Guid.CreateVersion7(), (product, 1))));
            work.AddRange(chosen.Skip(2).Select(product => shop.Employee.PutAsJsonAsync($"/api/products/{product}", CatalogShop.Product(category: all[random.Next(5)]))));
            await Task.WhenAll(work);
            products.AddRange(created.Select(product => product.Result));

            foreach (var category in all)
            {
                const string counted =
                    """
                    select count(*) from products p join stock s using (product_id) join categories c on c.slug = p.category
                    where p.withdrawn_at is null and $1 = any(c.path) and s.available >= $2
                    """;
                Assert.True(await shop.ReadAsync<long>(counted, category, 0) == await TotalAsync(category), $"seed {seed}, round {round}, {category}");
                Assert.True(await shop.ReadAsync<long>(counted, category, 1) == await TotalAsync(category, "&inStock=true"), $"seed {seed}, round {round}, {category} in stock");
                Assert.True(await shop.ReadAsync<long>(counted, category, 0) == (await shop.GetAsync($"/api/products?category={category}&limit=100")).GetProperty("products").GetArrayLength(), $"seed {seed}, round {round}, {category} listed");
            }
            Assert.Equal(0, await shop.ReadAsync<long>("select count(*) from product_words w join products p using (product_id) join categories c on c.slug = p.category where w.categories <> c.path"));
        }
    }

    [Fact]
    public async Task A_category_that_would_lie_below_itself_is_refused()
    {
        var top = await CreateAsync("top");
        var below = await CreateAsync("below", top);
        foreach (var parent in new[] { top, below })
        {
            using var response = await MoveAsync(top, parent);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
            Assert.Equal("CATEGORY_CYCLE", await CodeAsync(response));
        }
    }

    [Fact]
    public async Task Two_moves_at_once_never_make_a_circle()
    {
        for (var round = 0; round < 15; round++)
        {
            var (one, two) = (await CreateAsync("one"), await CreateAsync("two"));
            var answers = await Task.WhenAll(MoveAsync(one, two), MoveAsync(two, one));
            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.UnprocessableEntity], answers.Select(answer => answer.StatusCode).Order());
        }
    }

    [Fact]
    public async Task The_tree_has_a_bound()
    {
        string? parent = null;
        for (var level = 0; level < 8; level++) parent = await CreateAsync("level", parent);
        using var deeper = await shop.Employee.PostAsJsonAsync("/api/categories", new { slug = NewSlug("deep"), title = "x", parent });
        Assert.Equal("CATEGORY_TOO_DEEP", await CodeAsync(deeper));
        using var moved = await MoveAsync(await CreateAsync("deep"), parent);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, moved.StatusCode);
    }

    [Fact]
    public async Task Only_a_category_in_which_nothing_lies_is_removed()
    {
        var top = await CreateAsync("top");
        var below = await CreateAsync("below", top);
        var product = await shop.CreateAsync(CatalogShop.Product(category: below));
        foreach (var slug in new[] { top, below })
        {
            using var refused = await shop.Employee.DeleteAsync($"/api/categories/{slug}");
            Assert.Equal(HttpStatusCode.Conflict, refused.StatusCode);
            Assert.Equal("CATEGORY_NOT_EMPTY", await CodeAsync(refused));
        }
        await shop.Employee.DeleteAsync($"/api/products/{product}");
        Assert.Equal(HttpStatusCode.NoContent, (await shop.Employee.DeleteAsync($"/api/categories/{below}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Employee.DeleteAsync($"/api/categories/{below}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Guest.GetAsync($"/api/categories/{below}")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await shop.Employee.GetAsync($"/api/products/{product}/inventory/history")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await shop.Employee.DeleteAsync($"/api/categories/{top}")).StatusCode);
    }

    [Theory]
    [InlineData("""{"title":"x"}""", 400), InlineData("""{"slug":"Dog","title":"x"}""", 400), InlineData("""{"slug":"a--b","title":"x"}""", 400), InlineData("""{"slug":"new-one","title":""}""", 400)]
    [InlineData("""{"slug":"new-one","title":"x","parent":"unicorn"}""", 400), InlineData("""{"slug":"new-one","title":"x","position":-1}""", 400), InlineData("""{"slug":"dog","title":"x"}""", 409)]
    [InlineData("""{"slug":"new-one","title":"x","translations":{"en":{}}}""", 400), InlineData("[]", 400), InlineData("null", 400)]
    public async Task A_category_that_makes_no_sense_is_refused(string body, int status)
    {
        using var content = new StringContent(body, System.Net.Http.Headers.MediaTypeHeaderValue.Parse("application/json"));
        using var response = await shop.Employee.PostAsync("/api/categories", content);
        Assert.Equal(status, (int)response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task Only_employees_change_categories()
    {
        using var customer = shop.Service.Client(TestTokens.Shared.Customer(Guid.CreateVersion7()));
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.PostAsJsonAsync("/api/categories", new { slug = "mine", title = "x" })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.PutAsJsonAsync("/api/categories/dog", new { title = "x" })).StatusCode);
        Assert.Equal(HttpStatusCode.Forbidden, (await customer.DeleteAsync("/api/categories/dog")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await shop.Employee.PutAsJsonAsync("/api/categories/unicorn", new { title = "x" })).StatusCode);
    }
}
