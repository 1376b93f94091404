using Microsoft.Net.Http.Headers;

namespace Rosa.Users;

/// <summary>The languages that Rosa writes to people in.</summary>
static class Language
{
    public const string French = "fr";
    public const string English = "en";

    /// <summary>The one a browser prefers (<c>Accept-Language</c>, RFC 9110 §12.5.4), French when it wants neither.</summary>
    public static string Preferred(string? acceptLanguage)
    {
        if (acceptLanguage is null or { Length: > 500 } || !StringWithQualityHeaderValue.TryParseList([acceptLanguage], out var wanted)) return French;
        return wanted.Where(language => language.Quality is not 0)
            .OrderByDescending(language => language.Quality ?? 1)
            .Select(language => language.Value.Value?.Split('-')[0].ToLowerInvariant())
            .FirstOrDefault(language => language is French or English) ?? French;
    }
}
