using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Users;

/// <summary>
/// Gives a service its own short-lived token for its secret, <c>Identity:ServiceSecrets:{service}</c>. Inside only: the gateway does not route it.
/// </summary>
static class IssueServiceTokenEndpoint
{
    static readonly Problem BadSecret = new(ProblemKind.Unauthenticated, "BAD_CREDENTIALS", "Service or secret is wrong.");

    public static async Task<Results<Ok<ServiceTokenResponse>, ProblemHttpResult>> Handle(
        ServiceTokenRequest request, IConfiguration configuration, TokenIssuer tokens, CancellationToken cancellationToken)
    {
        if (!IsName(request.Service) || configuration[$"Identity:ServiceSecrets:{request.Service}"] is not { Length: > 0 } secret || !Same(secret, request.Secret))
            return BadSecret.ToResult();
        return TypedResults.Ok(new ServiceTokenResponse(await tokens.ForServiceAsync(request.Service, cancellationToken), (int)AccessToken.Lifetime.TotalSeconds));
    }

    static bool IsName(string? service) => service is { Length: > 0 and <= 32 } && service.All(char.IsAsciiLetterLower);

    /// <summary>Compares in a time that tells neither where they differ nor how long the secret is.</summary>
    static bool Same(string secret, string? sent) => sent is { Length: <= 1_000 }
        && CryptographicOperations.FixedTimeEquals(SHA256.HashData(Encoding.UTF8.GetBytes(secret)), SHA256.HashData(Encoding.UTF8.GetBytes(sent)));
}
