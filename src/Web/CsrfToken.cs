using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Rosa.Web;

/// <summary>
/// What shows that a form is from a page of ours: the session's secret, masked with fresh random bytes, so that no two pages carry the same
/// characters and compression tells nothing of it (BREACH).
/// </summary>
static class CsrfToken
{
    public const string Field = "_csrf";
    public const string Header = "X-Csrf-Token";
    const int SecretBytes = 16;

    public static string For(Visit visit)
    {
        if (visit.Session.FormSecret is not { Length: SecretBytes })
            visit.Change(session => session with { FormSecret = RandomNumberGenerator.GetBytes(SecretBytes) });

        Span<byte> token = stackalloc byte[2 * SecretBytes];
        RandomNumberGenerator.Fill(token[..SecretBytes]);
        Mask(visit.Session.FormSecret, token[..SecretBytes], into: token[SecretBytes..]);
        return Base64Url.EncodeToString(token);
    }

    public static bool IsGood(string? token, Session session)
    {
        if (session.FormSecret is not { Length: SecretBytes } secret || token is not { Length: 43 }) return false;
        Span<byte> sent = stackalloc byte[2 * SecretBytes];
        if (!Base64Url.TryDecodeFromChars(token, sent, out var length) || length != sent.Length) return false;
        Span<byte> unmasked = stackalloc byte[SecretBytes];
        Mask(sent[SecretBytes..], sent[..SecretBytes], into: unmasked);
        return CryptographicOperations.FixedTimeEquals(unmasked, secret);
    }

    /// <summary>Whether the browser says that the request was made by a page of ours. Browsers have sent one of the two for years; what sends neither has a token or is refused.</summary>
    public static bool IsFromOwnPage(HttpRequest request, string origin)
    {
        var site = request.Headers["Sec-Fetch-Site"].ToString();
        if (site.Length > 0 && site is not ("same-origin" or "none")) return false;
        var from = request.Headers.Origin.ToString();
        return from.Length == 0 || from == origin || from == $"{request.Scheme}://{request.Host}";
    }

    static void Mask(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> mask, Span<byte> into)
    {
        for (var i = 0; i < into.Length; i++) into[i] = (byte)(bytes[i] ^ mask[i]);
    }
}
