using System.Globalization;
using Microsoft.Net.Http.Headers;

namespace Rosa.Catalog;

/// <summary>The languages that texts are read in: the shop's own, French, and English where a translation exists.</summary>
static class Language
{
    public const string French = "fr";
    public const string English = "en";

    /// <summary>The language that the reader prefers of those there are (RFC 9110 §12.5.4); French without a wish.</summary>
    public static string Of(HttpRequest request)
    {
        var wish = request.Headers.AcceptLanguage;
        if (wish.Count == 0) return French;
        if (!StringWithQualityHeaderValue.TryParseList(wish, out var wishes)) return French;

        double french = 0, english = 0;
        foreach (var wished in wishes)
        {
            if (Matches(wished, French)) french = Math.Max(french, wished.Quality ?? 1);
            else if (Matches(wished, English)) english = Math.Max(english, wished.Quality ?? 1);
        }
        return english > french ? English : French;
    }

    /// <summary>The language of a code such as <c>en</c> or <c>en-GB</c>; French when it is another or empty.</summary>
    public static string Of(string code) => code.StartsWith(English, StringComparison.OrdinalIgnoreCase) ? English : French;

    static bool Matches(StringWithQualityHeaderValue wished, string language) =>
        wished.Value.StartsWith(language, StringComparison.OrdinalIgnoreCase) && (wished.Value.Length == language.Length || wished.Value.Value![language.Length] == '-');

    /// <summary>The SQL of a text of <c>p</c> in a language: its translation, or the shop's own text where there is none.</summary>
    public static string Sql(string language, string table, string column) =>
        language == English ? string.Create(CultureInfo.InvariantCulture, $"coalesce({table}.translations -> 'en' ->> '{column}', {table}.{column})") : $"{table}.{column}";
}
