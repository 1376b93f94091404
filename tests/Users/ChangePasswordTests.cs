using System.Net;
using System.Net.Http.Json;

namespace Rosa.Users.Tests;

public sealed class ChangePasswordTests(UsersShop shop) : IClassFixture<UsersShop>
{
    const string NewPassword = "another warm biscuit";

    Task<HttpResponseMessage> ChangeAsync(SessionAnswer caller, Guid userId, string current, string next) =>
        shop.As(caller).PostAsJsonAsync($"/api/users/{userId}/password", new ChangePasswordRequest(current, next));

    [Fact]
    public async Task A_new_password_ends_all_other_sessions_and_the_old_password()
    {
        var email = UsersShop.NewEmail();
        var here = await shop.RegisterAsync(email);
        var there = await shop.LoginAsync(email);

        using var response = await ChangeAsync(here, here.UserId, UsersShop.GoodPassword, NewPassword);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await shop.RefreshStatusAsync(there.RefreshToken));
        await shop.RefreshAsync(here.RefreshToken);
        Assert.Equal(HttpStatusCode.Unauthorized, (await shop.TryLoginAsync(email)).StatusCode);
        await shop.LoginAsync(email, NewPassword);
    }

    [Fact]
    public async Task The_current_password_is_needed_and_guessing_it_is_throttled()
    {
        var owner = await shop.RegisterAsync();
        for (var i = 0; i < 10; i++)
        {
            using var wrong = await ChangeAsync(owner, owner.UserId, "a guess at it", NewPassword);
            await wrong.ShouldRefuse(HttpStatusCode.Unauthorized, "BAD_CREDENTIALS");
        }
        using var refused = await ChangeAsync(owner, owner.UserId, UsersShop.GoodPassword, NewPassword);
        await refused.ShouldRefuse(HttpStatusCode.TooManyRequests, "TOO_MANY_ATTEMPTS");
    }

    [Theory]
    [InlineData("short")]
    [InlineData("qwertyuiop")]
    [InlineData(UsersShop.GoodPassword)]
    public async Task A_new_password_is_long_uncommon_and_new(string next)
    {
        var owner = await shop.RegisterAsync();
        using var response = await ChangeAsync(owner, owner.UserId, UsersShop.GoodPassword, next);
        await response.ShouldRefuseField("newPassword");
    }

    [Fact]
    public async Task Nobody_changes_somebody_elses_password()
    {
        var owner = await shop.RegisterAsync();
        using var response = await ChangeAsync(await shop.LoginAdminAsync(), owner.UserId, UsersShop.GoodPassword, NewPassword);
        await response.ShouldRefuse(HttpStatusCode.NotFound, "NOT_FOUND");
        using var guest = await shop.Guest.PostAsJsonAsync($"/api/users/{owner.UserId}/password", new ChangePasswordRequest(UsersShop.GoodPassword, NewPassword));
        await guest.ShouldRefuse(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
    }

    [Fact]
    public async Task No_session_started_with_the_old_password_survives_the_change()
    {
        for (var round = 0; round < 10; round++)
        {
            var email = UsersShop.NewEmail();
            var here = await shop.RegisterAsync(email);
            var logins = Enumerable.Range(0, 6).Select(_ => shop.TryLoginAsync(email)).ToList();
            using var change = await ChangeAsync(here, here.UserId, UsersShop.GoodPassword, NewPassword);
            Assert.Equal(HttpStatusCode.NoContent, change.StatusCode);

            foreach (var login in await Task.WhenAll(logins))
            {
                if (login.StatusCode == HttpStatusCode.Unauthorized) continue;
                var session = await login.ShouldBe<SessionAnswer>(HttpStatusCode.OK);
                Assert.Equal(HttpStatusCode.Unauthorized, await shop.RefreshStatusAsync(session.RefreshToken));
            }
        }
    }
}
