using Microsoft.Net.Http.Headers;

namespace Rosa.Recommendations;

/// <summary>The languages that reasons and titles are read in.</summary>
static class Language
{
    public const string French = "fr";
    public const string English = "en";

    /// <summary>The one that the reader prefers (<c>Accept-Language</c>, RFC 9110 §12.5.4), French when it is neither.</summary>
    public static string Of(HttpRequest request)
    {
        var wish = request.Headers.AcceptLanguage;
        if (wish.Count == 0 || !StringWithQualityHeaderValue.TryParseList(wish, out var wishes)) return French;
        return wishes.Where(wished => wished.Quality is not 0)
            .OrderByDescending(wished => wished.Quality ?? 1)
            .Select(wished => wished.Value.Value?.Split('-')[0].ToLowerInvariant())
            .FirstOrDefault(language => language is French or English) ?? French;
    }
}
