using Rosa.Platform.Identity;

namespace Rosa.Users;

/// <summary>Issues access tokens, for people and for services, this one included.</summary>
sealed class TokenIssuer(SigningKeys keys, TimeProvider clock) : IServiceTokenSource
{
    public ValueTask<string> ForUserAsync(Guid userId, string role, Guid sessionId, CancellationToken cancellationToken) =>
        IssueAsync(userId.ToString(), role, sessionId.ToString(), cancellationToken);

    public ValueTask<string> ForServiceAsync(string service, CancellationToken cancellationToken) =>
        IssueAsync($"service:{service}", Roles.Service, sid: null, cancellationToken);

    public ValueTask<string> GetAsync(CancellationToken cancellationToken) => ForServiceAsync("users", cancellationToken);

    ValueTask<string> IssueAsync(string subject, string role, string? sid, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        return keys.SignAsync(new TokenClaims(
            AccessToken.Issuer, AccessToken.Audience, subject, role, sid, now.ToUnixTimeSeconds(), (now + AccessToken.Lifetime).ToUnixTimeSeconds()), cancellationToken);
    }
}
