using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Rosa.Platform.Hosting;

namespace Rosa.Web;

/// <summary>
/// Keeps a <see cref="Session"/> in a cookie, encrypted and authenticated with AES-256-GCM: no page and no script ever sees a token.
/// </summary>
/// <remarks>
/// Over TLS the cookie is <c>__Host-rosa-storefront</c>, which browsers take from this host alone, for every path and never without TLS. Over plain
/// http, on a developer's machine, not every browser keeps such a cookie, so there it is <c>rosa-storefront</c>. Ports share cookies, hence the service's name.
/// </remarks>
public sealed partial class SessionCookie
{
    const int NonceBytes = 12;
    const int TagBytes = 16;

    readonly Service service;
    readonly Connections connections;
    readonly WebOptions options;
    readonly byte[] key;
    readonly byte[] renewalKey;
    readonly byte[] purpose;

    public SessionCookie(Service service, Connections connections, WebOptions options, ILogger<SessionCookie> logger)
    {
        (this.service, this.connections, this.options) = (service, connections, options);
        if (options.SessionKey is null) Log.NoKey(logger);
        var secret = options.SessionKey is { } configured ? Encoding.UTF8.GetBytes(configured) : RandomNumberGenerator.GetBytes(32);
        purpose = Encoding.UTF8.GetBytes($"rosa session 1 {service.Name}");
        key = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: purpose);
        renewalKey = HKDF.DeriveKey(HashAlgorithmName.SHA256, secret, 32, info: Encoding.UTF8.GetBytes($"rosa renewal 1 {service.Name}"));
    }

    /// <summary>The session that the browser sent, or a new one: what cannot be read is as if it were not there.</summary>
    public Session Read(HttpContext context) =>
        context.Request.Cookies[Name(context)] is { Length: > 0 and < 8192 } cookie && Decrypt(cookie) is { } session ? session : Session.New;

    public bool IsSent(HttpContext context) => context.Request.Cookies.ContainsKey(Name(context));

    public void Write(HttpContext context, Session session) =>
        context.Response.Cookies.Append(Name(context), Encrypt(session), new CookieOptions
        {
            HttpOnly = true,
            Secure = connections.IsEncrypted(context),
            SameSite = SameSiteMode.Strict,
            Path = "/",
            MaxAge = options.SessionLifetime,
            IsEssential = true,
        });

    public string Name(HttpContext context) => connections.IsEncrypted(context) ? $"__Host-rosa-{service.Name}" : $"rosa-{service.Name}";

    /// <summary>The <c>Idempotency-Key</c> with which every instance exchanges this token.</summary>
    public string RenewalKeyOf(string refreshToken) => Convert.ToHexStringLower(HMACSHA256.HashData(renewalKey, Encoding.UTF8.GetBytes(refreshToken)));

    // nonce, tag, cipher text
    internal string Encrypt(Session session)
    {
        var plain = JsonSerializer.SerializeToUtf8Bytes(session, SessionJson.Default.Session);
        var all = new byte[NonceBytes + TagBytes + plain.Length];
        var nonce = all.AsSpan(0, NonceBytes);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagBytes);
        aes.Encrypt(nonce, plain, all.AsSpan(NonceBytes + TagBytes), all.AsSpan(NonceBytes, TagBytes), purpose);
        return Base64Url.EncodeToString(all);
    }

    internal Session? Decrypt(string cookie)
    {
        try
        {
            var all = Base64Url.DecodeFromChars(cookie);
            if (all.Length <= NonceBytes + TagBytes) return null;
            var plain = new byte[all.Length - NonceBytes - TagBytes];
            using var aes = new AesGcm(key, TagBytes);
            aes.Decrypt(all.AsSpan(0, NonceBytes), all.AsSpan(NonceBytes + TagBytes), all.AsSpan(NonceBytes, TagBytes), plain, purpose);
            return JsonSerializer.Deserialize(plain, SessionJson.Default.Session);
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException or JsonException)
        {
            return null;   // of another key, another front, or made up
        }
    }

    static partial class Log
    {
        [LoggerMessage(200, LogLevel.Warning, "Web:SessionKey is not set: sessions end when this process does, and no other instance can read them")]
        public static partial void NoKey(ILogger logger);
    }
}
