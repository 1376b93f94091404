using System.Text.Json.Serialization;

namespace Rosa.Web;

/// <summary>What a front remembers of a browser. It travels in a cookie that only this front can read.</summary>
/// <param name="FormSecret">What the tokens in this browser's forms are made of; 16 bytes.</param>
/// <param name="Cart">The guest's cart at Orders, or null.</param>
/// <param name="CartCount">How many units lay in the cart when it was last seen.</param>
public sealed record Session(byte[]? FormSecret = null, Login? Login = null, string? Cart = null, int CartCount = 0)
{
    public static readonly Session New = new();
}

/// <summary>A person who signed in.</summary>
/// <param name="Token">The access token.</param>
/// <param name="EndsAt">When the access token ends, in seconds since 1970.</param>
/// <param name="Name">How the person is greeted.</param>
public sealed record Login(Guid UserId, string Token, string RefreshToken, long EndsAt, string Name);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Session))]
[JsonSerializable(typeof(RefreshAnswer))]
[JsonSerializable(typeof(RefreshWish))]
sealed partial class SessionJson : JsonSerializerContext;
