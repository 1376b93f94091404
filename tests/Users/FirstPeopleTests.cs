using System.Net;
using System.Net.Http.Json;
using Dapper;
using Npgsql;
using Rosa.Testing;

namespace Rosa.Users.Tests;

public sealed class FirstPeopleTests
{
    static readonly Dictionary<string, string?> logins = new(UsersShop.Settings)
    {
        ["Users:Logins:customer:Email"] = "Customer@shop.test",
        ["Users:Logins:customer:Password"] = "the customer's password",
        ["Users:Logins:employee:Email"] = "employee@shop.test",
        ["Users:Logins:employee:Password"] = "the employee's password",
        ["Users:Logins:admin:Email"] = UsersShop.AdminEmail,
        ["Users:Logins:admin:Password"] = UsersShop.AdminPassword,
    };

    static Task<TestService> StartAsync(Dictionary<string, string?> settings, string? connectionString = null) =>
        TestService.StartAsync(UsersShop.Users, settings, connectionString, ownTokens: true);

    [Fact]
    public async Task First_people_exist_once_with_their_roles_however_often_the_service_starts()
    {
        await using var service = await StartAsync(logins);
        await using var again = await StartAsync(logins, service.ConnectionString);

        await using var connection = new NpgsqlConnection(service.ConnectionString);
        var people = await connection.QueryAsync<(string, string)>("select email, role from users order by email");
        Assert.Equal([("admin@shop.test", "admin"), ("customer@shop.test", "customer"), ("employee@shop.test", "employee")], people);
        foreach (var (email, password) in new[] { ("customer@shop.test", "the customer's password"), (UsersShop.AdminEmail, UsersShop.AdminPassword) })
        {
            using var response = await again.Client().PostAsJsonAsync("/api/users/login", new LoginRequest(email, password));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task An_account_that_exists_keeps_its_password_and_role()
    {
        await using var service = await StartAsync(logins);
        var otherAdmin = new Dictionary<string, string?>(logins) { ["Users:FirstAdmin:Password"] = "quite another password", ["Users:FirstAdmin:Email"] = "customer@shop.test" };
        await using var changed = await StartAsync(otherAdmin, service.ConnectionString);
        using var response = await changed.Client().PostAsJsonAsync("/api/users/login", new LoginRequest("customer@shop.test", "the customer's password"));
        var session = await response.ShouldBe<SessionAnswer>(HttpStatusCode.OK);
        Assert.Equal("customer", (await changed.Client(session.Token).GetFromJsonAsync<Profile>($"/api/users/{session.UserId}"))!.Role);
    }

    [Theory]
    [InlineData("Users:FirstAdmin:Password", "admin123456")]
    [InlineData("Users:FirstAdmin:Password", "short")]
    [InlineData("Users:FirstAdmin:Email", "admin")]
    [InlineData("Users:Logins:emperor:Email", "emperor@shop.test")]
    [InlineData("Users:PasswordIterations", "1")]
    public async Task The_service_does_not_start_with_first_people_or_settings_that_cannot_be(string setting, string value)
    {
        var failure = await Record.ExceptionAsync(async () => await StartAsync(new(logins) { [setting] = value }));
        Assert.NotNull(failure);
        Assert.Contains(setting.Split(':')[1], failure.ToString());
    }
}
