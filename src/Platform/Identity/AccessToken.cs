using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace Rosa.Platform.Identity;

/// <summary>The claims that Rosa's tokens carry (RFC 7519).</summary>
/// <param name="Sub">The user's id, or <c>service:orders</c>.</param>
/// <param name="Sid">The login session; absent for services.</param>
/// <param name="Iat">Seconds since 1970.</param>
/// <param name="Exp">Seconds since 1970.</param>
public sealed record TokenClaims(
    [property: JsonPropertyName("iss")] string Iss,
    [property: JsonPropertyName("aud")] string Aud,
    [property: JsonPropertyName("sub")] string Sub,
    [property: JsonPropertyName("role")] string Role,
    [property: JsonPropertyName("sid"), JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Sid,
    [property: JsonPropertyName("iat")] long Iat,
    [property: JsonPropertyName("exp")] long Exp);

/// <summary>Writes and reads JWTs signed with ES256 (RFC 7515, RFC 7518 §3.4). No other algorithm is ever accepted.</summary>
public static class AccessToken
{
    public const string Issuer = "rosa";
    public const string Audience = "rosa";
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(15);

    sealed record Header([property: JsonPropertyName("alg")] string? Alg, [property: JsonPropertyName("kid")] string? Kid, [property: JsonPropertyName("typ")] string? Typ);

    public static string Write(TokenClaims claims, ECDsa key, string keyId)
    {
        var signed = Part(new Header("ES256", keyId, "JWT")) + "." + Part(claims);
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256);
        return signed + "." + Base64Url.EncodeToString(signature);
    }

    /// <summary>The claims of a token that is well formed, signed by a key of ours, meant for us and not expired; else null.</summary>
    public static async ValueTask<TokenClaims?> ReadAsync(string token, ITokenKeys keys, DateTimeOffset now, CancellationToken cancellationToken)
    {
        if (token.Length > 4096) return null;
        var parts = token.Split('.');
        if (parts.Length != 3) return null;
        if (Parse<Header>(parts[0]) is not { Alg: "ES256", Kid: { Length: > 0 and <= 64 } keyId }) return null;
        if (Parse<TokenClaims>(parts[1]) is not { } claims) return null;

        var seconds = now.ToUnixTimeSeconds();
        if (claims is not { Iss: Issuer, Aud: Audience, Sub.Length: > 0, Role.Length: > 0 } || claims.Exp <= seconds || claims.Iat > seconds + 60) return null;

        if (await keys.FindAsync(keyId, cancellationToken) is not { } key) return null;
        if (Decode(parts[2]) is not { Length: 64 } signature) return null;
        return key.VerifyData(Encoding.ASCII.GetBytes(parts[0] + "." + parts[1]), signature, HashAlgorithmName.SHA256) ? claims : null;
    }

    static string Part<T>(T value) => Base64Url.EncodeToString(JsonSerializer.SerializeToUtf8Bytes(value));

    static T? Parse<T>(string part) where T : class
    {
        try
        {
            return Decode(part) is { } bytes ? JsonSerializer.Deserialize<T>(bytes) : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    static byte[]? Decode(string part)
    {
        try
        {
            return Base64Url.DecodeFromChars(part);
        }
        catch (FormatException)
        {
            return null;
        }
    }
}

/// <summary>Where the keys that tokens are checked with come from.</summary>
public interface ITokenKeys
{
    /// <summary>The public key of this id, or null when the issuer does not know it.</summary>
    ValueTask<ECDsa?> FindAsync(string keyId, CancellationToken cancellationToken);
}

/// <summary>One key of a JSON Web Key Set (RFC 7517), P-256 for ES256.</summary>
public sealed record JsonWebKey(string Kty, string Crv, string X, string Y, string Kid, string Use, string Alg)
{
    public static JsonWebKey From(ECDsa key, string keyId)
    {
        var point = key.ExportParameters(includePrivateParameters: false).Q;
        return new JsonWebKey("EC", "P-256", Base64Url.EncodeToString(point.X), Base64Url.EncodeToString(point.Y), keyId, "sig", "ES256");
    }

    public ECDsa ToKey() => ECDsa.Create(new ECParameters
    {
        Curve = ECCurve.NamedCurves.nistP256,
        Q = new ECPoint { X = Base64Url.DecodeFromChars(X), Y = Base64Url.DecodeFromChars(Y) },
    });
}

public sealed record JsonWebKeySet(IReadOnlyList<JsonWebKey> Keys);
