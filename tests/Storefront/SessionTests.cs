using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.Logging.Abstractions;
using Rosa.Platform.Hosting;
using Rosa.Web;

namespace Rosa.Storefront.Tests;

public sealed class SessionCookieTests
{
    static readonly Session session = new(new byte[16], new Login(Guid.CreateVersion7(), "token", "refresh", 1, "Zoé"), "0123456789abcdef0123456789abcdef", 3);

    static SessionCookie Cookie(string front = "storefront", string key = "a key of at least thirty-two characters")
    {
        var options = new WebOptions { SessionKey = key };
        return new SessionCookie(new Service(front, 8080, StorefrontService.AddStorefront, StorefrontService.MapStorefront, []), new Connections(options), options, NullLogger<SessionCookie>.Instance);
    }

    [Fact]
    public void Every_instance_of_a_front_exchanges_a_token_with_the_same_key_and_nobody_else()
    {
        var key = Cookie().RenewalKeyOf("a token");
        Assert.Equal(key, Cookie().RenewalKeyOf("a token"));
        Assert.Equal(64, key.Length);
        Assert.NotEqual(key, Cookie().RenewalKeyOf("another token"));
        Assert.NotEqual(key, Cookie(front: "backoffice").RenewalKeyOf("a token"));
        Assert.NotEqual(key, Cookie(key: "another key of more than thirty-two characters").RenewalKeyOf("a token"));
    }

    [Fact]
    public void A_session_comes_back_as_it_was()
    {
        var back = Cookie().Decrypt(Cookie().Encrypt(session))!;
        Assert.Equal((session.Login, session.Cart, session.CartCount), (back.Login, back.Cart, back.CartCount));
        Assert.Equal(session.FormSecret, back.FormSecret);
    }

    [Fact]
    public void A_changed_cookie_is_none()
    {
        var sealedSession = Cookie().Encrypt(session);
        for (var i = 0; i < sealedSession.Length; i++)
        {
            var changed = sealedSession[..i] + (sealedSession[i] == 'A' ? 'B' : 'A') + sealedSession[(i + 1)..];
            Assert.True(Cookie().Decrypt(changed) is null || i == sealedSession.Length - 1, $"{i}");
        }
    }

    [Fact]
    public void A_cookie_of_another_key_or_another_front_is_none()
    {
        Assert.Null(Cookie(key: "another key of at least thirty-two characters").Decrypt(Cookie().Encrypt(session)));
        Assert.Null(Cookie(front: "backoffice").Decrypt(Cookie().Encrypt(session)));
        Assert.Null(Cookie().Decrypt("not a cookie"));
        Assert.Null(Cookie().Decrypt(""));
    }

    [Fact]
    public void The_same_session_never_looks_the_same() => Assert.NotEqual(Cookie().Encrypt(session), Cookie().Encrypt(session));
}

[Collection(nameof(ShopCollection))]
public sealed class SessionTests(ShopFixture fixture)
{
    [Fact]
    public async Task Requests_that_come_together_with_an_ending_session_renew_it_once_and_all_go_on()
    {
        var (email, password) = fixture.Shop.Login("customer");
        using var api = new HttpClient { BaseAddress = fixture.Shop.Gateway };
        using var login = await api.PostAsJsonAsync("/api/users/login", new { email, password });
        var answer = await login.Content.ReadFromJsonAsync<JsonElement>();

        var options = new WebOptions { SessionKey = fixture.Shop.SessionKey("storefront") };
        var cookies = new SessionCookie(new Service("storefront", 8080, StorefrontService.AddStorefront, StorefrontService.MapStorefront, []), new Connections(options), options, NullLogger<SessionCookie>.Instance);
        var ending = new Session(null, new Login(answer.GetProperty("userId").GetGuid(), answer.GetProperty("token").GetString()!, answer.GetProperty("refreshToken").GetString()!, EndsAt: 0, "Rosa"));
        var cookie = $"rosa-storefront={cookies.Encrypt(ending)}";

        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = fixture.Shop.Storefront };
        Task<HttpResponseMessage> AskAsync(string with)
        {
            var request = new HttpRequestMessage(HttpMethod.Get, "/account");
            request.Headers.Add("Cookie", with);
            return http.SendAsync(request);
        }
        var together = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => AskAsync(cookie)));
        Assert.All(together, one => Assert.Equal(HttpStatusCode.OK, one.StatusCode));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(cookie)).StatusCode);   // still under way with the old one

        var renewed = together.Select(one => one.Headers.GetValues("Set-Cookie").Single(line => line.StartsWith("rosa-storefront=", StringComparison.Ordinal)).Split(';')[0]).ToList();
        Assert.All(renewed, one => Assert.Equal(cookies.Decrypt(renewed[0].Split('=')[1])!.Login, cookies.Decrypt(one.Split('=')[1])!.Login));
        Assert.Equal(HttpStatusCode.OK, (await AskAsync(renewed[0])).StatusCode);

        // The session lives on: its newest refresh token is still good.
        using var refreshed = await api.PostAsJsonAsync("/api/users/refresh", new { refreshToken = cookies.Decrypt(renewed[0].Split('=')[1])!.Login!.RefreshToken });
        Assert.Equal(HttpStatusCode.OK, refreshed.StatusCode);
    }

    [Fact]
    public async Task A_session_that_cannot_be_renewed_is_a_guests()
    {
        var options = new WebOptions { SessionKey = fixture.Shop.SessionKey("storefront") };
        var cookies = new SessionCookie(new Service("storefront", 8080, StorefrontService.AddStorefront, StorefrontService.MapStorefront, []), new Connections(options), options, NullLogger<SessionCookie>.Instance);
        var over = new Session(null, new Login(Guid.CreateVersion7(), "no token", "no refresh token", 0, "Nobody"));
        using var http = new HttpClient(new SocketsHttpHandler { UseCookies = false, AllowAutoRedirect = false }) { BaseAddress = fixture.Shop.Storefront };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/account");
        request.Headers.Add("Cookie", $"rosa-storefront={cookies.Encrypt(over)}");
        var answer = await http.SendAsync(request);
        Assert.Equal(HttpStatusCode.SeeOther, answer.StatusCode);
        Assert.StartsWith("/login", answer.Headers.Location!.ToString());
    }

    [Fact]
    public async Task Signing_out_forgets_the_session()
    {
        using var browser = new ShopBrowser(fixture.Shop);
        await browser.GoToCheckoutAsync();
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.PostAsync("/logout")).StatusCode);
        Assert.Equal(HttpStatusCode.SeeOther, (await browser.GetAsync("/account")).StatusCode);
    }
}
