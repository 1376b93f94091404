using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Rosa.Users.Tests;

public sealed class LoginTests(UsersShop shop) : IClassFixture<UsersShop>
{
    const string Wrong = "not the password";

    [Fact]
    public async Task A_wrong_password_and_an_unknown_email_get_the_same_answer()
    {
        var email = UsersShop.NewEmail();
        await shop.RegisterAsync(email);
        using var wrong = await shop.TryLoginAsync(email, Wrong);
        using var unknown = await shop.TryLoginAsync(UsersShop.NewEmail(), Wrong);

        var first = await wrong.ShouldRefuse(HttpStatusCode.Unauthorized, "BAD_CREDENTIALS");
        var second = await unknown.ShouldRefuse(HttpStatusCode.Unauthorized, "BAD_CREDENTIALS");
        Assert.Equal(first.GetProperty("detail").GetString(), second.GetProperty("detail").GetString());
    }

    [Theory]
    [InlineData("known")]
    [InlineData("unknown")]
    public async Task After_ten_failures_an_account_waits_a_quarter_of_an_hour_whether_it_exists_or_not(string account)
    {
        var email = UsersShop.NewEmail();
        if (account == "known") await shop.RegisterAsync(email);
        for (var i = 0; i < 10; i++)
        {
            using var response = await shop.TryLoginAsync(i % 2 == 0 ? email : email.ToUpperInvariant(), Wrong);
            await response.ShouldRefuse(HttpStatusCode.Unauthorized, "BAD_CREDENTIALS");
        }

        using var refused = await shop.TryLoginAsync(email);
        await refused.ShouldRefuse(HttpStatusCode.TooManyRequests, "TOO_MANY_ATTEMPTS");
        Assert.InRange(refused.Headers.RetryAfter!.Delta!.Value, TimeSpan.FromMinutes(13), TimeSpan.FromMinutes(15));

        shop.Clock.PutForward(refused.Headers.RetryAfter.Delta.Value);
        using var later = await shop.TryLoginAsync(email);
        Assert.Equal(account == "known" ? HttpStatusCode.OK : HttpStatusCode.Unauthorized, later.StatusCode);
    }

    [Fact]
    public async Task Of_many_wrong_guesses_at_once_ten_learn_that_they_were_wrong()
    {
        var email = UsersShop.NewEmail();
        await shop.RegisterAsync(email);
        var responses = await Task.WhenAll(Enumerable.Range(0, 60).Select(_ => shop.TryLoginAsync(email, Wrong)));

        Assert.Equal(10, responses.Count(response => response.StatusCode == HttpStatusCode.Unauthorized));
        Assert.Equal(50, responses.Count(response => response.StatusCode == HttpStatusCode.TooManyRequests));
    }

    [Fact]
    public async Task Many_right_logins_at_once_are_all_let_in()
    {
        var email = UsersShop.NewEmail();
        await shop.RegisterAsync(email);
        var sessions = await Task.WhenAll(Enumerable.Range(0, 40).Select(_ => shop.LoginAsync(email)));
        Assert.Equal(40, sessions.Select(session => session.RefreshToken).Distinct().Count());
    }

    [Fact]
    public async Task Who_gets_in_has_earlier_failures_forgiven()
    {
        var email = UsersShop.NewEmail();
        await shop.RegisterAsync(email);
        for (var round = 0; round < 3; round++)
        {
            for (var i = 0; i < 9; i++) Assert.Equal(HttpStatusCode.Unauthorized, (await shop.TryLoginAsync(email, Wrong)).StatusCode);
            await shop.LoginAsync(email);
        }
    }

    [Fact]
    public async Task An_address_that_tries_many_accounts_is_stopped_and_others_are_not()
    {
        await using var service = await shop.StartAnotherAsync(new(UsersShop.Settings) { ["Users:FailuresPerAddress"] = "25" });
        var email = UsersShop.NewEmail();
        await shop.RegisterAsync(email);

        for (var i = 0; i < 25; i++) Assert.Equal(HttpStatusCode.Unauthorized, await LoginFromAsync("203.0.113.7", UsersShop.NewEmail()));
        Assert.Equal(HttpStatusCode.TooManyRequests, await LoginFromAsync("203.0.113.7", email));
        Assert.Equal(HttpStatusCode.TooManyRequests, await LoginFromAsync("198.51.100.1, 203.0.113.7", email));
        Assert.Equal(HttpStatusCode.OK, await LoginFromAsync("203.0.113.8", email));

        async Task<HttpStatusCode> LoginFromAsync(string address, string who)
        {
            using var client = service.Client();
            client.DefaultRequestHeaders.Add("X-Forwarded-For", address);
            using var response = await client.PostAsJsonAsync("/api/users/login", new LoginRequest(who, UsersShop.GoodPassword));
            return response.StatusCode;
        }
    }

    [Fact]
    public async Task A_password_hashed_with_other_settings_is_hashed_anew_at_login()
    {
        var email = UsersShop.NewEmail();
        await shop.RegisterAsync(email);
        await using var stronger = await shop.StartAnotherAsync(new(UsersShop.Settings) { ["Users:PasswordIterations"] = "2000" });
        using var client = stronger.Client();

        var logins = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => client.PostAsJsonAsync("/api/users/login", new LoginRequest(email, UsersShop.GoodPassword))));
        Assert.All(logins, response => Assert.Equal(HttpStatusCode.OK, response.StatusCode));
        Assert.StartsWith("pbkdf2-sha512$2000$", await shop.QueryAsync<string>("select password_hash from users where email = @email", new { email }));
    }

    [Theory]
    [InlineData("""{"email": "a@b.test"}""")]
    [InlineData("""{"email": null, "password": "x"}""")]
    [InlineData("""{"email": ["a"], "password": "x"}""")]
    public async Task Incomplete_logins_are_bad_requests(string body)
    {
        using var response = await shop.Guest.PostAsync("/api/users/login", new StringContent(body, System.Text.Encoding.UTF8, "application/json"));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }
}
