using System.Text.Json;

namespace Rosa.EndToEnd.Tests;

[Trait("shape", "both")]
public sealed class AuditTests(ShopFixture fixture) : IClassFixture<ShopFixture>
{
    readonly RunningShop shop = fixture.Shop;

    [Fact]
    public async Task Every_change_by_an_employee_is_written_down_whatever_came_of_it()
    {
        var product = await shop.NewProductAsync(quantity: 5);
        await shop.SendAsync(HttpMethod.Patch, $"/api/products/{product}/inventory", shop.EmployeeToken, new { quantity = -1, reason = "broken" });
        await shop.SendAsync(HttpMethod.Patch, $"/api/products/{product}/inventory", shop.EmployeeToken, new { quantity = -100, reason = "too many" });
        await shop.NewPromoAsync("AUDITED");
        await shop.SendAsync(HttpMethod.Get, $"/api/products/{product}", shop.EmployeeToken);
        await shop.SendAsync(HttpMethod.Post, "/api/products/check-stock", shop.EmployeeToken, new { items = new[] { new { productId = product, quantity = 1 } } });
        var (_, customer) = await shop.NewCustomerAsync();
        await shop.OrderAsync(customer, RunningShop.OrderOf(product));

        var (status, trail) = await shop.SendAsync(HttpMethod.Get, "/api/audit?limit=100", shop.EmployeeToken);
        Assert.Equal(200, status);
        Assert.Equal(0, trail.GetProperty("unavailable").GetArrayLength());
        var entries = trail.GetProperty("entries").EnumerateArray().ToList();
        var changes = entries.Where(entry => Text(entry, "path").Contains(product.ToString(), StringComparison.Ordinal)).ToList();
        Assert.Equal([422, 200], changes.Select(entry => entry.GetProperty("status").GetInt32()));
        Assert.All(changes, entry => Assert.Equal(("catalog", "PATCH", "ChangeInventory", "employee"), (Text(entry, "service"), Text(entry, "method"), Text(entry, "action"), Text(entry, "role"))));
        Assert.Contains("too many", Text(changes[0], "body"), StringComparison.Ordinal);
        Assert.Contains(entries, entry => Text(entry, "service") == "promotions" && Text(entry, "action") == "CreatePromotion" && Text(entry, "body").Contains("AUDITED", StringComparison.Ordinal));
        Assert.DoesNotContain(entries, entry => Text(entry, "method") == "GET" || Text(entry, "path").EndsWith("check-stock", StringComparison.Ordinal) || Text(entry, "path") == "/api/orders");
        Assert.Equal(entries.Select(At).OrderDescending(), entries.Select(At));
    }

    [Fact]
    public async Task The_audit_log_is_paged_bounded_and_not_for_customers()
    {
        var product = await shop.NewProductAsync(quantity: 5);
        for (var i = 0; i < 5; i++) await shop.SendAsync(HttpMethod.Patch, $"/api/products/{product}/inventory", shop.EmployeeToken, new { quantity = 1, reason = $"no. {i}" });
        var pages = new List<string>();
        for (var page = 1; page <= 3; page++)
        {
            var (_, trail) = await shop.SendAsync(HttpMethod.Get, $"/api/audit?page={page}&limit=2", shop.EmployeeToken);
            pages.AddRange(trail.GetProperty("entries").EnumerateArray().Select(entry => Text(entry, "body")));
        }
        Assert.Equal(["4", "3", "2", "1", "0"], pages.Take(5).Select(body => body[(body.IndexOf("no. ", StringComparison.Ordinal) + 4)..][..1]));

        var (_, customer) = await shop.NewCustomerAsync();
        Assert.Equal(403, (await shop.SendAsync(HttpMethod.Get, "/api/audit", customer)).Status);
        Assert.Equal(401, (await shop.SendAsync(HttpMethod.Get, "/api/audit", token: null)).Status);
        foreach (var query in new[] { "page=0", "limit=0", "limit=101", "page=21&limit=100", "employeeId=x" })
            Assert.Equal(400, (await shop.SendAsync(HttpMethod.Get, $"/api/audit?{query}", shop.EmployeeToken)).Status);
    }

    static string Text(JsonElement entry, string name) => entry.GetProperty(name).GetString() ?? "";

    static DateTimeOffset At(JsonElement entry) => entry.GetProperty("at").GetDateTimeOffset();
}
