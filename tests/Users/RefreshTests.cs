using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Rosa.Users.Tests;

public sealed class RefreshTests(UsersShop shop) : IClassFixture<UsersShop>
{
    [Fact]
    public async Task A_refresh_gives_new_tokens_of_the_same_session()
    {
        var first = await shop.RegisterAsync();
        var second = await shop.RefreshAsync(first.RefreshToken);
        var third = await shop.RefreshAsync(second.RefreshToken);

        Assert.Equal(first.UserId, third.UserId);
        Assert.Equal(3, new[] { first, second, third }.Select(session => session.RefreshToken).Distinct().Count());
        Assert.Equal(1, await shop.QueryAsync<int>("select count(*) from sessions where user_id = @UserId", first));
        using var response = await shop.As(third).GetAsync($"/api/users/{first.UserId}");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Using_a_refresh_token_twice_ends_the_whole_session_and_no_other()
    {
        var email = UsersShop.NewEmail();
        var first = await shop.RegisterAsync(email);
        var otherDevice = await shop.LoginAsync(email);
        var second = await shop.RefreshAsync(first.RefreshToken);
        var third = await shop.RefreshAsync(second.RefreshToken);

        using var reuse = await shop.TryRefreshAsync(first.RefreshToken);
        await reuse.ShouldRefuse(HttpStatusCode.Unauthorized, "BAD_REFRESH_TOKEN");
        Assert.Equal(HttpStatusCode.Unauthorized, await shop.RefreshStatusAsync(third.RefreshToken));
        await shop.RefreshAsync(otherDevice.RefreshToken);
    }

    [Fact]
    public async Task Of_simultaneous_refreshes_with_one_token_exactly_one_wins_and_the_session_ends()
    {
        for (var round = 0; round < 20; round++)
        {
            var session = await shop.RegisterAsync();
            var responses = await Task.WhenAll(Enumerable.Range(0, 2 + round % 7).Select(_ => shop.TryRefreshAsync(session.RefreshToken)));

            var winner = Assert.Single(responses, response => response.StatusCode == HttpStatusCode.OK);
            Assert.All(responses.Where(response => response != winner), response => Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode));
            var won = await winner.ShouldBe<SessionAnswer>(HttpStatusCode.OK);
            Assert.Equal(HttpStatusCode.Unauthorized, await shop.RefreshStatusAsync(won.RefreshToken));
        }
    }

    [Fact]
    public async Task Who_did_not_hear_the_answer_asks_again_with_the_same_key_and_gets_the_same_token()
    {
        var first = await shop.RegisterAsync();
        var key = $"{Guid.NewGuid()}";
        var second = await shop.RefreshAsync(first.RefreshToken, key);
        shop.Clock.PutForward(TimeSpan.FromHours(23));
        Assert.Equal(second.RefreshToken, (await shop.RefreshAsync(first.RefreshToken, key)).RefreshToken);

        var third = await shop.RefreshAsync(second.RefreshToken, $"{Guid.NewGuid()}");
        using var afterwards = await shop.TryRefreshAsync(first.RefreshToken, key);   // the one it stands for is used up
        await afterwards.ShouldRefuse(HttpStatusCode.Unauthorized, "BAD_REFRESH_TOKEN");
        Assert.Equal(HttpStatusCode.Unauthorized, await shop.RefreshStatusAsync(third.RefreshToken));
    }

    [Fact]
    public async Task Of_simultaneous_refreshes_with_one_token_and_one_key_all_get_the_same_token()
    {
        for (var round = 0; round < 20; round++)
        {
            var (session, key) = (await shop.RegisterAsync(), $"{Guid.NewGuid()}");
            var answers = await Task.WhenAll(Enumerable.Range(0, 2 + round % 7).Select(_ => shop.RefreshAsync(session.RefreshToken, key)));
            await shop.RefreshAsync(Assert.Single(answers.Select(answer => answer.RefreshToken).Distinct()));
        }
    }

    [Theory]
    [InlineData("another key, of a thief who has the token alone")]
    [InlineData(null)]
    public async Task Without_its_key_a_second_use_ends_the_session(string? otherKey)
    {
        var first = await shop.RegisterAsync();
        var key = $"{Guid.NewGuid()}";
        await shop.RefreshAsync(first.RefreshToken, key);
        using var reuse = await shop.TryRefreshAsync(first.RefreshToken, otherKey);
        await reuse.ShouldRefuse(HttpStatusCode.Unauthorized, "BAD_REFRESH_TOKEN");
        using var owner = await shop.TryRefreshAsync(first.RefreshToken, key);
        await owner.ShouldRefuse(HttpStatusCode.Unauthorized, "BAD_REFRESH_TOKEN");
    }

    [Fact]
    public async Task A_key_counts_for_a_day_and_cannot_be_guessed()
    {
        var first = await shop.RegisterAsync();
        using (var guessed = await shop.TryRefreshAsync(first.RefreshToken, "1")) await guessed.ShouldRefuseField("Idempotency-Key");
        var key = $"{Guid.NewGuid()}";
        await shop.RefreshAsync(first.RefreshToken, key);
        shop.Clock.PutForward(TimeSpan.FromHours(24.1));
        using var late = await shop.TryRefreshAsync(first.RefreshToken, key);
        await late.ShouldRefuse(HttpStatusCode.Unauthorized, "BAD_REFRESH_TOKEN");
    }

    [Fact]
    public async Task Logout_ends_its_own_session_alone()
    {
        var email = UsersShop.NewEmail();
        var here = await shop.RegisterAsync(email);
        var there = await shop.LoginAsync(email);

        using var response = await shop.As(here).PostAsJsonAsync("/api/users/logout", new LogoutRequest(here.RefreshToken));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, await shop.RefreshStatusAsync(here.RefreshToken));
        await shop.RefreshAsync(there.RefreshToken);

        using var again = await shop.As(here).PostAsJsonAsync("/api/users/logout", new LogoutRequest(here.RefreshToken));
        Assert.Equal(HttpStatusCode.NoContent, again.StatusCode);
    }

    [Fact]
    public async Task Nobody_logs_somebody_else_out()
    {
        var victim = await shop.RegisterAsync();
        using var response = await shop.As(await shop.RegisterAsync()).PostAsJsonAsync("/api/users/logout", new LogoutRequest(victim.RefreshToken));
        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        await shop.RefreshAsync(victim.RefreshToken);

        using var guest = await shop.Guest.PostAsJsonAsync("/api/users/logout", new LogoutRequest(victim.RefreshToken));
        await guest.ShouldRefuse(HttpStatusCode.Unauthorized, "UNAUTHENTICATED");
    }

    [Fact]
    public async Task Unknown_tokens_are_refused_and_missing_ones_are_bad_requests()
    {
        using var unknown = await shop.TryRefreshAsync("made-up");
        await unknown.ShouldRefuse(HttpStatusCode.Unauthorized, "BAD_REFRESH_TOKEN");
        using var missing = await shop.Guest.PostAsJsonAsync("/api/users/refresh", new { });
        await missing.ShouldRefuseField("refreshToken");
    }

    [Fact]
    public async Task A_refresh_token_lives_thirty_days_and_is_then_forgotten()
    {
        var old = await shop.RegisterAsync();
        shop.Clock.PutForward(TimeSpan.FromDays(29.9));
        var session = await shop.RefreshAsync(old.RefreshToken);
        shop.Clock.PutForward(TimeSpan.FromDays(30.1));
        Assert.Equal(HttpStatusCode.Unauthorized, await shop.RefreshStatusAsync(session.RefreshToken));

        var living = await shop.RegisterAsync();
        await shop.Service.Services.GetRequiredService<ForgetOldSessions>().RunOnceAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, await shop.QueryAsync<int>("select count(*) from sessions where user_id = @UserId", session));
        await shop.RefreshAsync(living.RefreshToken);
    }

    [Fact]
    public async Task Refresh_tokens_are_not_stored()
    {
        var session = await shop.RegisterAsync();
        Assert.Equal(43, session.RefreshToken.Length);
        Assert.Equal(1, await shop.QueryAsync<int>("select count(*) from refresh_tokens where token_hash = sha256(@token)",
            new { token = System.Text.Encoding.ASCII.GetBytes(session.RefreshToken) }));
    }
}
