using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Json;
using Polly.CircuitBreaker;

namespace Rosa.Web;

sealed record RefreshWish(string RefreshToken);

sealed record RefreshAnswer(Guid UserId, string Token, string RefreshToken, int ExpiresIn);

/// <summary>How an exchange ended. Without a login that was not refused, the shop could not be asked.</summary>
sealed record Outcome(Login? Login, bool IsRefused);

/// <summary>
/// Exchanges a session's tokens shortly before they end. A refresh token is good once, so all requests of a browser that come with the same one share one
/// exchange, and its outcome is remembered for those still under way with the old cookie: within this process, and through Redis by all instances of this
/// front. Whoever does not hear of it, or of its outcome, asks again with the same <c>Idempotency-Key</c> and gets the same token.
/// </summary>
public sealed class SessionRenewal(GatewayConnection gateway, SessionCookie cookie, TimeProvider clock, SharedRenewals? shared = null)
{
    static readonly TimeSpan renewBefore = TimeSpan.FromMinutes(1);
    static readonly TimeSpan remembered = TimeSpan.FromMinutes(2);
    const int SweptFrom = 1_000;

    sealed record Exchange(DateTimeOffset At, Lazy<Task<Outcome>> Result);

    readonly ConcurrentDictionary<string, Exchange> exchanges = new();

    public bool IsDue(Login login) => DateTimeOffset.FromUnixTimeSeconds(login.EndsAt) - clock.GetUtcNow() < renewBefore;

    /// <summary>The login with fresh tokens; null when it is over. While the shop cannot be asked, it stays as it is.</summary>
    public async Task<Login?> RenewAsync(Login login, CancellationToken cancellationToken)
    {
        if (exchanges.Count > SweptFrom) Forget();
        var exchange = exchanges.GetOrAdd(login.RefreshToken, _ => new Exchange(clock.GetUtcNow(), new(() => shared is null ? AskAsync(login) : shared.OnceAsync(login.RefreshToken, () => AskAsync(login)))));
        var outcome = await exchange.Result.Value.WaitAsync(cancellationToken);
        if (outcome.Login is null && !outcome.IsRefused) exchanges.TryRemove(new(login.RefreshToken, exchange));
        return outcome.IsRefused ? null : outcome.Login ?? login;
    }

    // Goes on when the browser that asked first has left: the old token is spent either way.
    async Task<Outcome> AskAsync(Login login)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/users/refresh")
        {
            Content = JsonContent.Create(new RefreshWish(login.RefreshToken), SessionJson.Default.RefreshWish),
            Headers = { { "Idempotency-Key", cookie.RenewalKeyOf(login.RefreshToken) } },
        };
        try
        {
            using var response = await gateway.SendAsync(request, TimeSpan.FromSeconds(10), CancellationToken.None);
            if (response.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.BadRequest) return new Outcome(null, IsRefused: true);
            if (!response.IsSuccessStatusCode) return new Outcome(null, IsRefused: false);
            var answer = (await response.Content.ReadFromJsonAsync(SessionJson.Default.RefreshAnswer))!;
            var endsAt = (clock.GetUtcNow() + TimeSpan.FromSeconds(answer.ExpiresIn)).ToUnixTimeSeconds();
            return new Outcome(login with { Token = answer.Token, RefreshToken = answer.RefreshToken, EndsAt = endsAt }, IsRefused: false);
        }
        catch (Exception exception) when (exception is HttpRequestException or TimeoutException or BrokenCircuitException)
        {
            return new Outcome(null, IsRefused: false);
        }
    }

    void Forget()
    {
        var before = clock.GetUtcNow() - remembered;
        foreach (var (token, exchange) in exchanges)
        {
            if (exchange.At < before) exchanges.TryRemove(new(token, exchange));
        }
    }
}
