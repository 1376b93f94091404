using System.Text.Json;

namespace Rosa.EndToEnd.Tests;

[Trait("shape", "both")]
public sealed class TimelineTests(ShopFixture fixture) : IClassFixture<ShopFixture>
{
    readonly RunningShop shop = fixture.Shop;

    [Fact]
    public async Task The_timeline_explains_an_order_across_all_services()
    {
        await shop.NewPromoAsync("STORY");
        var (_, token) = await shop.NewCustomerAsync();
        var (_, order) = await shop.OrderAsync(token, RunningShop.OrderOf(await shop.NewProductAsync(quantity: 3), quantity: 2, promoCode: "STORY", cardToken: "tok_flaky"));
        var path = $"/api/orders/{order.GetProperty("orderId").GetGuid()}";
        Assert.Equal(200, (await shop.SendAsync(HttpMethod.Post, $"{path}/cancel", token, new { reason = "changed my mind" })).Status);
        await Rules.AtRestAsync(shop);

        var (status, story) = await shop.SendAsync(HttpMethod.Get, $"{path}/timeline", shop.EmployeeToken);
        Assert.Equal(200, status);
        Assert.Equal(0, story.GetProperty("unavailable").GetArrayLength());
        var entries = story.GetProperty("entries").EnumerateArray().ToList();
        Assert.Equal(entries.Select(At).Order(), entries.Select(At));
        Assert.Superset(new HashSet<string> { "orders", "catalog", "promotions", "payments", "notifications" }, entries.Select(entry => Text(entry, "service")).ToHashSet());
        Assert.All(entries.Where(entry => Text(entry, "kind") == "event"), entry => Assert.Equal(32, Text(entry, "traceId").Length));

        string[] told = ["Placed", "A use of STORY is counted", "18.00 EUR by card is asked for", "The payment is captured", "Confirmed", "-2 of Corde", "Cancelled: CANCELLED_ON_REQUEST", "18.00 is given back", "2 of Corde", "no longer counts", "OrderCreated by email"];
        Assert.All(told, what => Assert.Contains(entries, entry => Text(entry, "what").Contains(what, StringComparison.Ordinal)));

        Assert.Equal(403, (await shop.SendAsync(HttpMethod.Get, $"{path}/timeline", token)).Status);
        Assert.Equal(404, (await shop.SendAsync(HttpMethod.Get, $"/api/orders/{Guid.CreateVersion7()}/timeline", shop.EmployeeToken)).Status);
    }

    static DateTimeOffset At(JsonElement entry) => entry.GetProperty("at").GetDateTimeOffset();

    static string Text(JsonElement entry, string name) => entry.GetProperty(name).GetString()!;
}
