using System.Globalization;
using System.Text;

namespace Rosa.Storefront;

/// <summary>A product's title as it stands in its address: small letters, digits and hyphens.</summary>
static class Slug
{
    const int Longest = 80;

    public static string PathOf(Guid productId, string title) => $"/p/{productId}/{Of(title)}";

    public static string Of(string title)
    {
        var slug = new StringBuilder();
        foreach (var c in title.Normalize(NormalizationForm.FormD).ToLowerInvariant())
        {
            if (slug.Length >= Longest) break;
            if (char.IsAsciiLetterOrDigit(c)) slug.Append(c);
            else if (CharUnicodeInfo.GetUnicodeCategory(c) != UnicodeCategory.NonSpacingMark && slug.Length > 0 && slug[^1] != '-') slug.Append('-');
        }
        var text = slug.ToString().Trim('-');
        return text.Length == 0 ? "product" : text;
    }
}
