using System.Net;
using Rosa.Testing;

namespace Rosa.Notifications.Tests;

public sealed class SendLogTests : IAsyncLifetime
{
    Shop shop = null!;

    public async ValueTask InitializeAsync() => shop = await Shop.OpenAsync();

    public ValueTask DisposeAsync() => shop.DisposeAsync();

    [Fact]
    public async Task Without_a_mail_server_everything_is_logged()
    {
        var customer = Shop.Somebody("en");
        await shop.TellAsync(customer);
        await shop.LogWithAsync("LOGGED");
        var order = Shop.OrderOf(customer.UserId);
        await shop.TellAsync(order);
        var entry = (await shop.LogWithAsync("LOGGED", "LOGGED")).Notifications[0];

        Assert.Equal(("OrderCreated", "en", "Your order is confirmed: €1,234.50", order.OrderId), (entry.Event, entry.Language, entry.Subject, entry.OrderId));
        Assert.NotNull(entry.SentAt);
        Assert.Null(entry.ReadAt);
    }

    [Fact]
    public async Task The_log_is_searched_by_who_what_how_and_outcome()
    {
        var (me, you) = (Shop.Somebody(), Shop.Somebody());
        var order = Shop.OrderOf(me.UserId);
        await shop.TellAsync(me);
        await shop.TellAsync(you);
        await shop.TellAsync(order);
        await shop.LogWithAsync("LOGGED", "LOGGED", "LOGGED");

        Assert.Equal(4, (await shop.LogAsync($"?userId={me.UserId}")).Total);
        Assert.Equal(2, (await shop.LogAsync($"?orderId={order.OrderId}")).Total);
        Assert.Equal(4, (await shop.LogAsync("?event=UserCreated")).Total);
        Assert.Equal(3, (await shop.LogAsync("?channel=in-app&outcome=SENT")).Total);
        Assert.Equal(me.UserId, Assert.Single((await shop.LogAsync($"?userId={me.UserId}&event=UserCreated&channel=email&outcome=LOGGED")).Notifications).UserId);
        Assert.Equal(0, (await shop.LogAsync("?outcome=FAILED")).Total);
    }

    [Fact]
    public async Task Customers_see_their_own_and_mark_it_as_read()
    {
        var (me, you) = (Shop.Somebody(), Shop.Somebody());
        await shop.TellAsync(me);
        await shop.TellAsync(you);
        await shop.TellAsync(Shop.OrderOf(me.UserId));
        await shop.LogWithAsync("LOGGED", "LOGGED", "LOGGED");
        var token = TestTokens.Shared.Customer(me.UserId);

        var mine = await shop.ListAsync(token);
        Assert.Equal(2, mine.Total);
        Assert.All(mine.Notifications, entry => Assert.Equal(me.UserId, entry.UserId));
        Assert.Equal(mine.Notifications.OrderByDescending(entry => entry.SentAt), mine.Notifications);

        using var client = shop.Service.Client(token);
        var read = $"/api/notifications/{mine.Notifications[0].NotificationId}/read";
        Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsync(read, null)).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await client.PostAsync(read, null)).StatusCode);

        Assert.Equal(mine.Notifications[1].NotificationId, Assert.Single((await shop.ListAsync(token, "/api/notifications?unread=true")).Notifications).NotificationId);
        Assert.NotNull((await shop.ListAsync(token)).Notifications[0].ReadAt);
        using var other = shop.Service.Client(TestTokens.Shared.Customer(you.UserId));
        Assert.Equal(HttpStatusCode.NotFound, (await other.PostAsync(read, null)).StatusCode);
    }

    [Fact]
    public async Task The_log_has_pages()
    {
        foreach (var _ in Enumerable.Range(0, 5)) await shop.TellAsync(Shop.Somebody());
        await shop.LogWithAsync("LOGGED", "LOGGED", "LOGGED", "LOGGED", "LOGGED");
        var all = await shop.LogAsync();
        var second = await shop.LogAsync("?page=2&limit=2");
        Assert.Equal((10, 2), (second.Total, second.Limit));
        Assert.Equal(all.Notifications.Skip(2).Take(2), second.Notifications);
    }

    [Theory]
    [InlineData("/api/notifications", null, 401)]
    [InlineData("/api/notifications/log", null, 401)]
    [InlineData("/api/notifications/log", "customer", 403)]
    [InlineData("/api/notifications/log", "service", 401)]
    [InlineData("/api/notifications?page=0", "customer", 400)]
    [InlineData("/api/notifications?limit=101", "customer", 400)]
    [InlineData("/api/notifications?page=9999999999999", "customer", 400)]
    [InlineData("/api/notifications?unread=maybe", "customer", 400)]
    [InlineData("/api/notifications/log?limit=0", "employee", 400)]
    [InlineData("/api/notifications/log?limit=ten", "employee", 400)]
    [InlineData("/api/notifications/log?event=Nothing", "employee", 400)]
    [InlineData("/api/notifications/log?channel=pigeon", "employee", 400)]
    [InlineData("/api/notifications/log?outcome=LOST", "employee", 400)]
    [InlineData("/api/notifications/log?userId=me", "employee", 400)]
    [InlineData("/api/notifications/templates", "customer", 403)]
    [InlineData("/api/notifications/templates?page=0", "employee", 400)]
    public async Task What_is_not_allowed_or_not_sensible_is_refused(string path, string? role, int status)
    {
        using var client = shop.Service.Client(role switch
        {
            "customer" => TestTokens.Shared.Customer(Guid.CreateVersion7()),
            "employee" => TestTokens.Shared.Employee(),
            "service" => TestTokens.Shared.Service("orders"),
            _ => null,
        });
        Assert.Equal(status, (int)(await client.GetAsync(path)).StatusCode);
    }

    [Theory]
    [InlineData("not-an-id")]
    [InlineData("00000000-0000-0000-0000-000000000000")]
    public async Task Reading_what_does_not_exist_is_not_found(string id)
    {
        using var client = shop.Service.Client(TestTokens.Shared.Customer(Guid.CreateVersion7()));
        Assert.Equal(HttpStatusCode.NotFound, (await client.PostAsync($"/api/notifications/{id}/read", null)).StatusCode);
    }

    [Fact]
    public async Task The_log_forgets_after_a_year()
    {
        await shop.TellAsync(Shop.Somebody());
        await shop.LogWithAsync("LOGGED");
        var forget = (ForgetOldNotifications)shop.Service.Services.GetService(typeof(ForgetOldNotifications))!;
        Assert.Equal(0, await forget.RunOnceAsync(default));
        Assert.Equal(2, await shop.LaterAsync(TimeSpan.FromDays(366), () => forget.RunOnceAsync(default)));
        Assert.Equal(0, (await shop.LogAsync()).Total);
    }
}
