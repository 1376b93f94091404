using System.Net;
using System.Net.Http.Json;

namespace Rosa.Users.Tests;

public sealed class ChangeRoleTests(UsersShop shop) : IClassFixture<UsersShop>
{
    Task<HttpResponseMessage> ChangeAsync(SessionAnswer caller, Guid userId, string? role) =>
        shop.As(caller).PutAsJsonAsync($"/api/users/{userId}/role", new { role });

    async Task<SessionAnswer> PromotedAsync(string role)
    {
        var session = await shop.RegisterAsync();
        using var response = await ChangeAsync(await shop.LoginAdminAsync(), session.UserId, role);
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        return await shop.RefreshAsync(session.RefreshToken);
    }

    [Fact]
    public async Task A_new_role_is_in_the_next_token_and_not_in_the_present_one()
    {
        var person = await shop.RegisterAsync();
        var somebody = await shop.RegisterAsync();
        using var response = await ChangeAsync(await shop.LoginAdminAsync(), person.UserId, "employee");
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);

        Assert.Equal(HttpStatusCode.NotFound, (await shop.As(person).GetAsync($"/api/users/{somebody.UserId}")).StatusCode);
        var renewed = await shop.RefreshAsync(person.RefreshToken);
        Assert.Equal(HttpStatusCode.OK, (await shop.As(renewed).GetAsync($"/api/users/{somebody.UserId}")).StatusCode);
    }

    [Theory]
    [InlineData("customer")]
    [InlineData("employee")]
    public async Task Only_admins_change_roles(string role)
    {
        var caller = await PromotedAsync(role);
        using var response = await ChangeAsync(caller, (await shop.RegisterAsync()).UserId, "admin");
        await response.ShouldRefuse(HttpStatusCode.Forbidden, "FORBIDDEN");
        using var own = await ChangeAsync(caller, caller.UserId, "admin");
        await own.ShouldRefuse(HttpStatusCode.Forbidden, "FORBIDDEN");
        using var guest = await shop.Guest.PutAsJsonAsync($"/api/users/{caller.UserId}/role", new { role = "admin" });
        await guest.ShouldRefuse(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
    }

    [Fact]
    public async Task Admins_do_not_change_their_own_role()
    {
        var admin = await shop.LoginAdminAsync();
        using var response = await ChangeAsync(admin, admin.UserId, "customer");
        await response.ShouldRefuse(HttpStatusCode.UnprocessableEntity, "OWN_ROLE");
    }

    [Fact]
    public async Task An_admin_no_more_changes_no_role_though_the_token_still_says_admin()
    {
        var former = await PromotedAsync("admin");
        using var demotion = await ChangeAsync(await shop.LoginAdminAsync(), former.UserId, "employee");
        Assert.Equal(HttpStatusCode.NoContent, demotion.StatusCode);
        using var response = await ChangeAsync(former, (await shop.RegisterAsync()).UserId, "admin");
        await response.ShouldRefuse(HttpStatusCode.Forbidden, "FORBIDDEN");
    }

    [Fact]
    public async Task Two_admins_who_demote_each_other_at_once_leave_one()
    {
        for (var round = 0; round < 10; round++)
        {
            var first = await PromotedAsync("admin");
            var second = await PromotedAsync("admin");
            var responses = await Task.WhenAll(ChangeAsync(first, second.UserId, "customer"), ChangeAsync(second, first.UserId, "customer"));
            Assert.Equal([HttpStatusCode.NoContent, HttpStatusCode.Forbidden], responses.Select(response => response.StatusCode).Order());
        }
    }

    [Theory]
    [InlineData("service")]
    [InlineData("Admin")]
    [InlineData("")]
    [InlineData(null)]
    public async Task There_are_three_roles(string? role)
    {
        using var response = await ChangeAsync(await shop.LoginAdminAsync(), (await shop.RegisterAsync()).UserId, role);
        await response.ShouldRefuseField("role");
    }

    [Fact]
    public async Task Nobody_is_404_and_every_change_is_kept()
    {
        var admin = await shop.LoginAdminAsync();
        using var nobody = await ChangeAsync(admin, Guid.CreateVersion7(), "employee");
        await nobody.ShouldRefuse(HttpStatusCode.NotFound, "NOT_FOUND");

        var person = await shop.RegisterAsync();
        foreach (var role in new[] { "employee", "employee", "customer" }) await ChangeAsync(admin, person.UserId, role);
        Assert.Equal("customer>employee employee>customer", await shop.QueryAsync<string>(
            "select string_agg(from_role || '>' || to_role, ' ' order by changed_at) from role_changes where user_id = @person and changed_by = @admin",
            new { person = person.UserId, admin = admin.UserId }));
    }
}
