using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Platform.Identity;
using Rosa.Testing;

namespace Rosa.Users.Tests;

public sealed class DeleteUserTests(UsersShop shop) : IClassFixture<UsersShop>
{
    async Task<HttpResponseMessage> DeleteAsync(SessionAnswer by, Guid whom) => await shop.As(by).DeleteAsync($"/api/users/{whom}");

    [Fact]
    public async Task Who_deletes_their_account_is_gone_at_once_and_the_email_is_free()
    {
        var email = UsersShop.NewEmail();
        var me = await shop.RegisterAsync(email);
        var friend = await shop.RegisterAsync();
        await shop.As(me).PutAsync($"/api/users/{friend.UserId}/follow", null);
        await shop.As(friend).PutAsync($"/api/users/{me.UserId}/follow", null);
        await shop.TryLoginAsync(email, "not the password");

        using var deleted = await DeleteAsync(me, me.UserId);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);

        using var own = await shop.As(me).GetAsync($"/api/users/{me.UserId}");
        await own.ShouldRefuse(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
        Assert.Equal(HttpStatusCode.Unauthorized, await shop.RefreshStatusAsync(me.RefreshToken));
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.TryLoginAsync(email)).StatusCode);
        var theirs = (await shop.As(friend).GetFromJsonAsync<PublicProfile>($"/api/users/{friend.UserId}/profile"))!;
        Assert.Equal((0, 0), (theirs.Followers, theirs.Following));
        Assert.Equal(0, await shop.QueryAsync<long>(
            "select (select count(*) from users where user_id = @id) + (select count(*) from sessions where user_id = @id) + (select count(*) from follows where @id in (follower_id, followed_id))",
            new { id = me.UserId }));
        Assert.Equal("rosa.UserDeleted", (await shop.EventsOfAsync(me.UserId, 3))[^1].GetProperty("type").GetString());

        Assert.NotEqual(me.UserId, (await shop.RegisterAsync(email)).UserId);
    }

    [Fact]
    public async Task Every_service_refuses_the_tokens_of_a_deleted_user_the_moment_the_deletion_is_answered()
    {
        await using var other = await shop.StartOtherServiceAsync("orders", app => app.MapGet("/whoami", (Caller caller) => $"{caller.UserId}").For(Access.SignedIn));
        var seed = Environment.TickCount;
        TestContext.Current.TestOutputHelper?.WriteLine($"seed {seed}");
        for (var round = 0; round < 5; round++)
        {
            var (leaves, stays) = (await shop.RegisterAsync(), await shop.RegisterAsync());
            async Task<HttpStatusCode> SeenElsewhereAsync(SessionAnswer session)
            {
                using var client = other.Client(session.Token);
                using var response = await client.GetAsync("/whoami");
                return response.StatusCode;
            }
            Assert.Equal(HttpStatusCode.OK, await SeenElsewhereAsync(leaves));
            await Task.Delay(new Random(seed + round).Next(50));
            using var deleted = await DeleteAsync(leaves, leaves.UserId);
            Assert.Equal(HttpStatusCode.Unauthorized, await SeenElsewhereAsync(leaves));
            Assert.Equal(HttpStatusCode.OK, await SeenElsewhereAsync(stays));
        }
    }

    [Fact]
    public async Task A_service_and_an_instance_of_users_that_start_later_know_it_too()
    {
        var me = await shop.RegisterAsync();
        using var deleted = await DeleteAsync(me, me.UserId);
        await using var other = await shop.StartOtherServiceAsync("orders", app => app.MapGet("/whoami", (Caller caller) => $"{caller.UserId}").For(Access.SignedIn));
        await using var users = await shop.StartAnotherAsync();
        foreach (var (service, path) in new[] { (other, "/whoami"), (users, $"/api/users/{me.UserId}") })
        {
            using var client = service.Client(me.Token);
            var status = HttpStatusCode.OK;
            for (var attempt = 0; attempt < 3_000 && status != HttpStatusCode.Unauthorized; attempt++)
            {
                status = (await client.GetAsync(path)).StatusCode;
                await Task.Delay(10);
            }
            Assert.Equal(HttpStatusCode.Unauthorized, status);
        }
    }

    [Fact]
    public async Task The_list_is_forgotten_when_the_tokens_have_expired()
    {
        await using var alone = new UsersShop().AsDisposable();
        var shop = await alone.OpenAsync();
        var me = await shop.RegisterAsync();
        using var deleted = await shop.As(me).DeleteAsync($"/api/users/{me.UserId}");
        Assert.Equal(1, await shop.QueryAsync<long>("select count(*) from deleted_users"));
        shop.Clock.PutForward(TimeSpan.FromMinutes(18));
        await shop.Service.Services.GetRequiredService<ForgetOldSessions>().RunOnceAsync(default);
        await shop.Service.Services.GetRequiredService<DeletedUsersFeed>().RunOnceAsync(default);
        Assert.Equal(0, await shop.QueryAsync<long>("select count(*) from deleted_users"));
        Assert.False(shop.Service.Services.GetRequiredService<DeletedUsers>().Contains(me.UserId));
    }

    [Fact]
    public async Task Admins_delete_others_and_nobody_else_does()
    {
        var somebody = await shop.RegisterAsync();
        using var stranger = await DeleteAsync(await shop.RegisterAsync(), somebody.UserId);
        await stranger.ShouldRefuse(HttpStatusCode.NotFound, "NOT_FOUND");
        using var guest = await shop.Guest.DeleteAsync($"/api/users/{somebody.UserId}");
        await guest.ShouldRefuse(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");

        var admin = await shop.LoginAdminAsync();
        using var deleted = await DeleteAsync(admin, somebody.UserId);
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        using var again = await DeleteAsync(admin, somebody.UserId);
        await again.ShouldRefuse(HttpStatusCode.NotFound, "NOT_FOUND");
    }

    [Fact]
    public async Task Of_admins_who_all_leave_at_once_one_stays()
    {
        for (var round = 0; round < 5; round++)
        {
            await using var alone = new UsersShop().AsDisposable();
            var shop = await alone.OpenAsync();
            var first = await shop.LoginAdminAsync();
            var admins = new List<SessionAnswer> { first };
            for (var i = 0; i < 3; i++)
            {
                var email = UsersShop.NewEmail();
                var one = await shop.RegisterAsync(email);
                using var promoted = await shop.As(first).PutAsJsonAsync($"/api/users/{one.UserId}/role", new { role = "admin" });
                admins.Add(await shop.LoginAsync(email));
            }
            var answers = await Task.WhenAll(admins.Select(admin => shop.As(admin).DeleteAsync($"/api/users/{admin.UserId}")));
            Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.UnprocessableEntity);
            Assert.Equal(3, answers.Count(answer => answer.StatusCode == HttpStatusCode.NoContent));
            Assert.Equal(1, await shop.QueryAsync<long>("select count(*) from users where role = 'admin'"));
        }
    }

    [Fact]
    public async Task The_list_of_the_deleted_is_for_services_alone()
    {
        using var customer = await shop.As(await shop.RegisterAsync()).GetAsync($"{DeletedUsers.Route}?follower={Guid.NewGuid()}");
        await customer.ShouldRefuse(HttpStatusCode.Forbidden, "FORBIDDEN");
        using var guest = await shop.Guest.GetAsync($"{DeletedUsers.Route}?follower={Guid.NewGuid()}");
        await guest.ShouldRefuse(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
    }
}

/// <summary>A shop for one test alone.</summary>
sealed class OwnShop(UsersShop shop) : IAsyncDisposable
{
    public async Task<UsersShop> OpenAsync()
    {
        await shop.InitializeAsync();
        return shop;
    }

    public ValueTask DisposeAsync() => shop.DisposeAsync();
}

static class OwnShops
{
    public static OwnShop AsDisposable(this UsersShop shop) => new(shop);
}
