using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Rosa.Catalog.Tests;

/// <summary>Totals are not counted when they are asked for; whatever happens at once, they are what counting would give.</summary>
public sealed class CountTests(CatalogShop shop, ITestOutputHelper output) : IClassFixture<CatalogShop>
{
    [Fact]
    public async Task Totals_are_right_whatever_happens_at_once()
    {
        var seed = Environment.TickCount;
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        string[] categories = ["dog", "dog-food", "dog-toys", "cat"];
        var products = new List<Guid>();
        var summary = shop.Service.Services.GetRequiredService<CountSummary>();
        for (var round = 0; round < 15; round++)
        {
            var created = Task.WhenAll(Enumerable.Range(0, 6).Select(_ => (Category: categories[random.Next(4)], Quantity: random.Next(3))).ToList()
                .Select(next => shop.CreateAsync(CatalogShop.Product(category: next.Category, quantity: next.Quantity))));
            var chosen = products.OrderBy(_ => random.Next()).Take(6).Select((product, i) => (product, i, Category: categories[random.Next(4)])).ToList();
            var changed = Task.WhenAll(chosen.Select(async step =>
            {
                using var response = step.i switch
                {
                    0 => await shop.Employee.DeleteAsync($"/api/products/{step.product}"),
                    1 or 2 => await shop.Employee.PutAsJsonAsync($"/api/products/{step.product}", CatalogShop.Product(category: step.Category)),
                    _ => await shop.Employee.PatchAsJsonAsync($"/api/products/{step.product}/inventory", new { quantity = step.i % 2 == 0 ? 1 : -1, reason = "round" }),
                };
            }));
            var sold = Task.WhenAll(chosen.Select(step => shop.ReserveAsync(Guid.CreateVersion7(), (step.product, 1))));
            var summed = summary.RunOnceAsync(CancellationToken.None);
            await Task.WhenAll(created, changed, sold, summed);
            products.AddRange(await created);

            foreach (var category in categories.Append(""))
            {
                const string counted =
                    """
                    select count(*) from products p join stock s using (product_id) join categories c on c.slug = p.category
                    where p.withdrawn_at is null and $1 = any(c.path) and s.available >= $2
                    """;
                Assert.True(await shop.ReadAsync<long>(counted, category, 0) == await TotalAsync(category, ""), $"seed {seed}, round {round}, {category}");
                Assert.True(await shop.ReadAsync<long>(counted, category, 1) == await TotalAsync(category, "&inStock=true"), $"seed {seed}, round {round}, {category} in stock");
            }
            Assert.Equal(0, await shop.ReadAsync<long>("select count(*) from product_words w join stock s using (product_id) where w.in_stock <> (s.available > 0)"));
        }

        await summary.RunOnceAsync(CancellationToken.None);
        Assert.Equal(await shop.ReadAsync<long>("select count(distinct category) from product_counts"), await shop.ReadAsync<long>("select count(*) from product_counts"));
        var tree = (await shop.GetAsync("/api/categories")).GetProperty("categories").EnumerateArray().Single(category => category.GetProperty("slug").GetString() == "dog");
        Assert.Equal(await TotalAsync("dog", ""), tree.GetProperty("products").GetInt32());
        Assert.Equal(["dog-food", "dog-toys"], tree.GetProperty("children").EnumerateArray().Select(child => child.GetProperty("slug").GetString()));
    }

    async Task<long> TotalAsync(string category, string more) => (await shop.GetAsync($"/api/products?category={category}{more}")).GetProperty("total").GetInt64();
}
