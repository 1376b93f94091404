using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Rosa.Platform.Identity;

namespace Rosa.Users.Tests;

public sealed class ExportTests(UsersShop shop) : IClassFixture<UsersShop>
{
    [Fact]
    public async Task A_person_gets_all_that_is_held_about_them_from_every_service()
    {
        var me = await shop.RegisterAsync();
        var friend = await shop.RegisterAsync();
        await shop.As(me).PutAsync($"/api/users/{friend.UserId}/follow", null);
        var orderId = Guid.CreateVersion7();
        await using var orders = await shop.StartOtherServiceAsync("orders", app => app.MapPost(
            PersonalData.Route, (PersonalDataRequest request) => Results.Json(new { orders = new[] { new { orderId, of = request.UserId } } })).For(Access.Service));
        await using var payments = await shop.StartOtherServiceAsync("payments", app => app.MapPost(
            PersonalData.Route, (PersonalDataRequest request) => Results.Json(new { payments = request.OrderIds })).For(Access.Service));
        await using var users = await shop.StartAnotherAsync(new(UsersShop.Settings)
        {
            ["Users:PersonalDataFrom"] = "orders, payments",
            ["Services:orders:Http"] = orders.HttpAddress.AbsoluteUri,
            ["Services:payments:Http"] = payments.HttpAddress.AbsoluteUri,
        });

        using var client = users.Client(me.Token);
        using var response = await client.GetAsync($"/api/users/{me.UserId}/export");
        var file = await response.ShouldBe<JsonElement>(HttpStatusCode.OK);
        Assert.Equal("attachment", response.Content.Headers.ContentDisposition?.DispositionType);
        Assert.Equal(["userId", "exportedAt", "users", "orders", "payments"], file.EnumerateObject().Select(part => part.Name));
        Assert.Equal("Ada", file.GetProperty("users").GetProperty("account").GetProperty("firstName").GetString());
        Assert.Equal(1, file.GetProperty("users").GetProperty("sessions").GetArrayLength());
        Assert.Equal(friend.UserId, file.GetProperty("users").GetProperty("following")[0].GetProperty("userId").GetGuid());
        Assert.Equal(me.UserId, file.GetProperty("orders").GetProperty("orders")[0].GetProperty("of").GetGuid());
        Assert.Equal(orderId, file.GetProperty("payments").GetProperty("payments")[0].GetGuid());

        using var stranger = await users.Client(friend.Token).GetAsync($"/api/users/{me.UserId}/export");
        await stranger.ShouldRefuse(HttpStatusCode.NotFound, "NOT_FOUND");
        using var admin = await users.Client((await shop.LoginAdminAsync()).Token).GetAsync($"/api/users/{me.UserId}/export");
        await admin.ShouldRefuse(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Fact]
    public async Task There_is_no_file_while_a_part_of_it_is_missing()
    {
        var me = await shop.RegisterAsync();
        await using var orders = await shop.StartOtherServiceAsync("orders", app => app.MapPost(PersonalData.Route, () => Results.Json(new { })).For(Access.Service));
        await using var withoutRoute = await shop.StartOtherServiceAsync("payments", _ => { });
        foreach (var payments in new[] { withoutRoute.HttpAddress.AbsoluteUri, "http://127.0.0.1:9" })
        {
            await using var users = await shop.StartAnotherAsync(new(UsersShop.Settings)
            {
                ["Users:PersonalDataFrom"] = "orders,payments",
                ["Services:orders:Http"] = orders.HttpAddress.AbsoluteUri,
                ["Services:payments:Http"] = payments,
            });
            using var response = await users.Client(me.Token).GetAsync($"/api/users/{me.UserId}/export");
            await response.ShouldRefuse(HttpStatusCode.ServiceUnavailable, "UNAVAILABLE");
            Assert.NotNull(response.Headers.RetryAfter);
        }
    }
}
