using System.Net;
using System.Net.Http.Headers;

namespace Rosa.EndToEnd.Tests;

/// <summary>What happens to a person's data across the services.</summary>
[Trait("shape", "both")]
public sealed class PeopleTests(ShopFixture fixture) : IClassFixture<ShopFixture>
{
    readonly RunningShop shop = fixture.Shop;

    [Fact]
    public async Task A_person_is_told_of_their_order_gets_all_that_is_held_about_them_and_is_gone_everywhere_at_once()
    {
        var (userId, token) = await shop.NewCustomerAsync();
        var code = $"P{Guid.NewGuid():N}"[..12].ToUpperInvariant();
        await shop.NewPromoAsync(code);
        var product = await shop.NewProductAsync(quantity: 2);
        var (placed, order) = await shop.OrderAsync(token, RunningShop.OrderOf(product, promoCode: code));
        Assert.True(placed == 201, $"{placed} {order}");
        var orderId = order.GetProperty("orderId").GetGuid();
        await shop.SendAsync(HttpMethod.Post, $"/api/orders/{orderId}/process", shop.EmployeeToken, new { });
        var (shipped, _) = await shop.SendAsync(HttpMethod.Post, $"/api/orders/{orderId}/ship", shop.EmployeeToken, new { carrier = "DHL", trackingNumber = "1Z777" });
        Assert.Equal(200, shipped);

        await UntilAsync(async () => await LoggedAsync($"orderId={orderId}&event=OrderShipped") == 3);
        Assert.Equal(1, await LoggedAsync($"orderId={orderId}&channel=sms"));
        var (_, own) = await shop.SendAsync(HttpMethod.Get, "/api/notifications?unread=true", token);
        Assert.Contains(own.GetProperty("notifications").EnumerateArray(), entry => entry.GetProperty("event").GetString() == "OrderShipped");

        var (exported, file) = await shop.SendAsync(HttpMethod.Get, $"/api/users/{userId}/export", token);
        Assert.True(exported == 200, $"{exported} {file}");
        Assert.Equal(orderId, file.GetProperty("orders").GetProperty("orders")[0].GetProperty("orderId").GetGuid());
        Assert.Equal(orderId, file.GetProperty("payments").GetProperty("payments")[0].GetProperty("orderId").GetGuid());
        Assert.Equal(code, file.GetProperty("promotions").GetProperty("redemptions")[0].GetProperty("code").GetString());
        Assert.Equal(product, file.GetProperty("catalog").GetProperty("purchases")[0].GetProperty("productId").GetGuid());
        Assert.NotEqual(0, file.GetProperty("notifications").GetProperty("notifications").GetArrayLength());

        var (deleted, _) = await shop.SendAsync(HttpMethod.Delete, $"/api/users/{userId}", token);
        Assert.Equal(204, deleted);
        foreach (var (service, path) in new[] { ("gateway", "/api/orders"), ("orders", "/api/orders"), ("notifications", "/api/notifications"), ("users", $"/api/users/{userId}") })
            Assert.Equal((service, HttpStatusCode.Unauthorized), (service, await StatusAsync(service == "gateway" ? shop.Gateway : shop.ServiceAddress(service), path, token)));

        await UntilAsync(async () => await LoggedAsync($"userId={userId}") == 0);
        var (searched, found) = await shop.SendAsync(HttpMethod.Get, $"/api/users/{userId}", shop.EmployeeToken);
        Assert.True(searched == 404, $"{searched} {found}");
    }

    async Task<int> LoggedAsync(string query)
    {
        var (status, log) = await shop.SendAsync(HttpMethod.Get, $"/api/notifications/log?{query}", shop.EmployeeToken);
        Assert.True(status == 200, $"{status} {log}");
        return log.GetProperty("total").GetInt32();
    }

    static async Task<HttpStatusCode> StatusAsync(Uri service, string path, string token)
    {
        using var client = new HttpClient();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        using var response = await client.GetAsync(new Uri(service, path));
        return response.StatusCode;
    }

    static async Task UntilAsync(Func<Task<bool>> holds)
    {
        for (var attempt = 0; attempt < 600 && !await holds(); attempt++) await Task.Delay(50);
        Assert.True(await holds());
    }
}
