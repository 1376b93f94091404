using System.Security.Cryptography;
using Rosa.Platform.Identity;

namespace Rosa.Testing;

/// <summary>Tokens for tests, signed by a key that services under test accept in place of those of Users.</summary>
public sealed class TestTokens : ITokenKeys, IServiceTokenSource
{
    const string KeyId = "test";

    public static TestTokens Shared { get; } = new();

    readonly ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);

    public string Customer(Guid userId) => For(userId.ToString(), Roles.Customer);

    public string Employee(Guid? userId = null) => For((userId ?? Guid.CreateVersion7()).ToString(), Roles.Employee);

    public string Admin(Guid? userId = null) => For((userId ?? Guid.CreateVersion7()).ToString(), Roles.Admin);

    public string Service(string name) => For($"service:{name}", Roles.Service);

    public ValueTask<ECDsa?> FindAsync(string keyId, CancellationToken cancellationToken) => ValueTask.FromResult(keyId == KeyId ? key : null);

    public ValueTask<string> GetAsync(CancellationToken cancellationToken) => ValueTask.FromResult(Service("test"));

    string For(string subject, string role)
    {
        var now = DateTimeOffset.UtcNow;
        return AccessToken.Write(
            new TokenClaims(AccessToken.Issuer, AccessToken.Audience, subject, role, Guid.CreateVersion7().ToString(), now.ToUnixTimeSeconds(), now.AddHours(1).ToUnixTimeSeconds()),
            key, KeyId);
    }
}
