using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Gateway;

/// <summary>Turns away, or takes off, tokens that no service would believe.</summary>
sealed class BadTokens(TokenReader tokens)
{
    static readonly Problem badToken = new(ProblemKind.Unauthenticated, "BAD_TOKEN", "The access token is expired or not valid. Renew it, or leave it out.");

    /// <summary>The refusal, or null when the request may go on. Throws when Users, who knows the keys, is down.</summary>
    public async ValueTask<Problem?> CheckAsync(HttpContext context, Route route)
    {
        const string bearer = "Bearer ";
        var headers = context.Request.Headers;
        if (headers.Authorization.Count == 0 || context.Caller() != Caller.Guest) return null;
        if (route.BadToken == BadToken.Ignored)
        {
            headers.Authorization = default;
            return null;
        }
        var sent = headers.Authorization.ToString();
        var isGood = sent.StartsWith(bearer, StringComparison.OrdinalIgnoreCase) && await tokens.ReadAsync(sent[bearer.Length..].Trim(), context.RequestAborted) is not null;
        return isGood ? null : badToken;
    }
}
