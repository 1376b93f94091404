using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Rosa.Web;

/// <summary>The language of a page: named in the address, chosen earlier, or what the browser prefers; else French, the shop's own.</summary>
public static class Languages
{
    public const string French = "fr";
    public const string English = "en";
    const string Cookie = "rosa-language";
    const string Parameter = "lang";

    public static readonly IReadOnlyList<string> All = [French, English];

    public static string Of(HttpRequest request) => Named(request) ?? Known(request.Cookies[Cookie]) ?? Preferred(request);

    /// <summary>Remembers the language that the address names.</summary>
    public static void Keep(HttpContext context)
    {
        if (Named(context.Request) is not { } named || named == context.Request.Cookies[Cookie]) return;
        context.Response.Cookies.Append(Cookie, named, Appearance.OfAYear);
    }

    static string? Named(HttpRequest request) => Known(request.Query[Parameter]);

    static string? Known(string? language) => language is French or English ? language : null;

    static string Preferred(HttpRequest request)
    {
        if (!StringWithQualityHeaderValue.TryParseList(request.Headers.AcceptLanguage, out var wishes)) return French;
        double Wish(string language) => wishes.Where(wish => wish.Value.StartsWith(language, StringComparison.OrdinalIgnoreCase)).Select(wish => wish.Quality ?? 1).DefaultIfEmpty(0).Max();
        return Wish(English) > Wish(French) ? English : French;
    }
}
