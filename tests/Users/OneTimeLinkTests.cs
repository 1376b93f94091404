using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.DependencyInjection;

namespace Rosa.Users.Tests;

public sealed class OneTimeLinkTests(UsersShop shop) : IClassFixture<UsersShop>
{
    const string NewPassword = "colder kitten biscuits";

    async Task<string> TokenAsync(Guid userId, string purpose)
    {
        using var notifications = await shop.AsServiceAsync("notifications");
        using var response = await notifications.PostAsJsonAsync($"/internal/users/{userId}/one-time-tokens", new { purpose });
        return (await response.ShouldBe<OneTimeTokenAnswer>(HttpStatusCode.OK)).Token;
    }

    async Task<HttpResponseMessage> VerifyAsync(string token) => await shop.Guest.PostAsJsonAsync("/api/users/verify-email", new { token });

    async Task<HttpResponseMessage> ResetAsync(string token, string newPassword = NewPassword) =>
        await shop.Guest.PostAsJsonAsync("/api/users/password-reset/confirm", new { token, newPassword });

    async Task<HttpStatusCode> AskForResetAsync(string email)
    {
        using var response = await shop.Guest.PostAsJsonAsync("/api/users/password-reset", new { email });
        return response.StatusCode;
    }

    [Fact]
    public async Task An_email_is_verified_by_its_link_once()
    {
        var me = await shop.RegisterAsync();
        Assert.False((await shop.As(me).GetFromJsonAsync<Profile>($"/api/users/{me.UserId}"))!.EmailVerified);
        var token = await TokenAsync(me.UserId, "verify-email");
        Assert.Equal(HttpStatusCode.NoContent, (await VerifyAsync(token)).StatusCode);
        Assert.True((await shop.As(me).GetFromJsonAsync<Profile>($"/api/users/{me.UserId}"))!.EmailVerified);
        using var again = await VerifyAsync(token);
        await again.ShouldRefuse(HttpStatusCode.UnprocessableEntity, "LINK_EXPIRED");
    }

    [Fact]
    public async Task A_new_password_by_link_ends_all_sessions_and_all_links()
    {
        var email = UsersShop.NewEmail();
        var me = await shop.RegisterAsync(email);
        for (var i = 0; i < 10; i++) await shop.TryLoginAsync(email, "forgotten, whatever it was");
        Assert.Equal(HttpStatusCode.TooManyRequests, (await shop.TryLoginAsync(email)).StatusCode);
        var (token, other) = (await TokenAsync(me.UserId, "reset-password"), await TokenAsync(me.UserId, "reset-password"));

        using var weak = await ResetAsync(token, "short");
        await weak.ShouldRefuseField("newPassword");
        Assert.Equal(HttpStatusCode.NoContent, (await ResetAsync(token)).StatusCode);

        Assert.Equal(HttpStatusCode.Unauthorized, await shop.RefreshStatusAsync(me.RefreshToken));
        var anew = await shop.LoginAsync(email, NewPassword);
        Assert.True((await shop.As(anew).GetFromJsonAsync<Profile>($"/api/users/{me.UserId}"))!.EmailVerified);
        foreach (var used in new[] { token, other })
        {
            using var refused = await ResetAsync(used, "yet another kitten biscuit");
            await refused.ShouldRefuse(HttpStatusCode.UnprocessableEntity, "LINK_EXPIRED");
        }
    }

    [Fact]
    public async Task Of_many_who_use_a_link_at_once_one_sets_the_password()
    {
        var email = UsersShop.NewEmail();
        var me = await shop.RegisterAsync(email);
        var token = await TokenAsync(me.UserId, "reset-password");
        var answers = await Task.WhenAll(Enumerable.Range(0, 8).Select(i => ResetAsync(token, $"{NewPassword} {i}")));
        var winner = Assert.Single(Enumerable.Range(0, 8), i => answers[i].StatusCode == HttpStatusCode.NoContent);
        Assert.Equal(7, answers.Count(answer => answer.StatusCode == HttpStatusCode.UnprocessableEntity));
        await shop.LoginAsync(email, $"{NewPassword} {winner}");
    }

    [Fact]
    public async Task Links_expire_and_serve_their_purpose_alone()
    {
        var me = await shop.RegisterAsync();
        using var wrong = await ResetAsync(await TokenAsync(me.UserId, "verify-email"));
        await wrong.ShouldRefuse(HttpStatusCode.UnprocessableEntity, "LINK_EXPIRED");
        using var other = await VerifyAsync(await TokenAsync(me.UserId, "reset-password"));
        await other.ShouldRefuse(HttpStatusCode.UnprocessableEntity, "LINK_EXPIRED");
        using var invented = await VerifyAsync("invented");
        await invented.ShouldRefuse(HttpStatusCode.UnprocessableEntity, "LINK_EXPIRED");

        var token = await TokenAsync(me.UserId, "reset-password");
        shop.Clock.PutForward(TimeSpan.FromMinutes(61));
        using var late = await ResetAsync(token);
        await late.ShouldRefuse(HttpStatusCode.UnprocessableEntity, "LINK_EXPIRED");
        await shop.Service.Services.GetRequiredService<ForgetOldSessions>().RunOnceAsync(default);
        Assert.Equal(0, await shop.QueryAsync<long>("select count(*) from one_time_tokens where user_id = @id and purpose = 'reset-password'", new { id = me.UserId }));
    }

    [Fact]
    public async Task The_secret_of_a_link_is_stored_nowhere_and_is_in_no_event()
    {
        var email = UsersShop.NewEmail();
        var me = await shop.RegisterAsync(email);
        Assert.Equal(HttpStatusCode.Accepted, await AskForResetAsync(email));
        var told = (await shop.EventsOfAsync(me.UserId, 2))[1];
        Assert.Equal("rosa.PasswordResetRequested", told.GetProperty("type").GetString());
        Assert.Equal(["userId", "at", "subject"], told.GetProperty("data").EnumerateObject().Select(member => member.Name));

        var token = await TokenAsync(me.UserId, "reset-password");
        Assert.Equal(OneTimeLinks.HashOf(token), await shop.QueryAsync<byte[]>("select token_hash from one_time_tokens where user_id = @id", new { id = me.UserId }));
    }

    [Fact]
    public async Task Asking_for_a_password_is_answered_alike_whoever_has_the_email_and_mailed_three_times_an_hour()
    {
        var email = UsersShop.NewEmail();
        var me = await shop.RegisterAsync(email);
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(HttpStatusCode.Accepted, await AskForResetAsync(i % 2 == 0 ? email : email.ToUpperInvariant()));
            Assert.Equal(HttpStatusCode.Accepted, await AskForResetAsync(UsersShop.NewEmail()));
        }
        for (var wait = 0; wait < 1_500 && await shop.QueryAsync<long>("select count(*) from password_reset_requests where handled_at is null") > 0; wait++) await Task.Delay(20);
        await shop.As(me).PutAsJsonAsync($"/api/users/{me.UserId}", new { firstName = "A", lastName = "B" });
        var told = await shop.EventsOfAsync(me.UserId, 5);
        Assert.Equal(3, told.Count(happened => happened.GetProperty("type").GetString() == "rosa.PasswordResetRequested"));

        using var malformed = await shop.Guest.PostAsJsonAsync("/api/users/password-reset", new { email = "nobody" });
        await malformed.ShouldRefuseField("email");
    }

    [Fact]
    public async Task From_one_address_so_many_links_are_asked_for_and_no_more()
    {
        await using var alone = new UsersShop().AsDisposable();
        var shop = await alone.OpenAsync();
        await using var strict = await shop.StartAnotherAsync(new(UsersShop.Settings) { ["Users:ResetsPerAddress"] = "2" });
        using var client = strict.Client();
        var answers = new List<HttpStatusCode>();
        for (var i = 0; i < 3; i++) answers.Add((await client.PostAsJsonAsync("/api/users/password-reset", new { email = UsersShop.NewEmail() })).StatusCode);
        Assert.Equal([HttpStatusCode.Accepted, HttpStatusCode.Accepted, HttpStatusCode.TooManyRequests], answers);
    }

    [Fact]
    public async Task The_mail_to_verify_is_asked_for_by_oneself_and_not_too_often()
    {
        var me = await shop.RegisterAsync();
        using var first = await shop.As(me).PostAsync($"/api/users/{me.UserId}/verify-email", null);
        Assert.Equal(HttpStatusCode.Accepted, first.StatusCode);
        using var again = await shop.As(me).PostAsync($"/api/users/{me.UserId}/verify-email", null);
        await again.ShouldRefuse(HttpStatusCode.TooManyRequests, "TOO_MANY_ATTEMPTS");
        using var stranger = await shop.As(await shop.RegisterAsync()).PostAsync($"/api/users/{me.UserId}/verify-email", null);
        await stranger.ShouldRefuse(HttpStatusCode.NotFound, "NOT_FOUND");
        Assert.Equal("rosa.EmailVerificationRequested", (await shop.EventsOfAsync(me.UserId, 2))[1].GetProperty("type").GetString());
    }

    [Fact]
    public async Task Only_notifications_gets_the_secrets_and_only_for_people_there_are()
    {
        var me = await shop.RegisterAsync();
        using var orders = await shop.AsServiceAsync("orders");
        using var refused = await orders.PostAsJsonAsync($"/internal/users/{me.UserId}/one-time-tokens", new { purpose = "reset-password" });
        await refused.ShouldRefuse(HttpStatusCode.Forbidden, "FORBIDDEN");
        using var customer = await shop.As(me).PostAsJsonAsync($"/internal/users/{me.UserId}/one-time-tokens", new { purpose = "reset-password" });
        await customer.ShouldRefuse(HttpStatusCode.Forbidden, "FORBIDDEN");

        using var notifications = await shop.AsServiceAsync("notifications");
        using var unknown = await notifications.PostAsJsonAsync($"/internal/users/{Guid.NewGuid()}/one-time-tokens", new { purpose = "reset-password" });
        await unknown.ShouldRefuse(HttpStatusCode.NotFound, "NOT_FOUND");
        using var senseless = await notifications.PostAsJsonAsync($"/internal/users/{me.UserId}/one-time-tokens", new { purpose = "log-in" });
        await senseless.ShouldRefuseField("purpose");
    }
}
