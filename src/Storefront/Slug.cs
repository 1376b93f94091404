using System.Text;

namespace Rosa.Storefront;

/// <summary>A product's title as it stands in its address: small letters without accents, digits and hyphens.</summary>
static class Slug
{
    const int Longest = 80;

    public static string PathOf(Guid productId, string title) => $"/p/{productId}/{Of(title)}";

    public static string Of(string title)
    {
        var slug = new StringBuilder();
        foreach (var letter in title)
        {
            var plain = Plain(char.ToLowerInvariant(letter));
            if (plain.Length > 0) slug.Append(plain);
            else if (slug.Length > 0 && slug[^1] != '-') slug.Append('-');
            if (slug.Length >= Longest) break;
        }
        var text = slug.ToString().Trim('-');
        return text.Length == 0 ? "product" : text;
    }

    // By hand: without ICU, which no image of ours carries, .NET takes no accents off.
    static string Plain(char letter) => letter switch
    {
        >= 'a' and <= 'z' or >= '0' and <= '9' => letter.ToString(),
        'à' or 'á' or 'â' or 'ã' or 'ä' or 'å' => "a",
        'ç' or 'č' or 'ć' => "c",
        'è' or 'é' or 'ê' or 'ë' or 'ě' => "e",
        'ì' or 'í' or 'î' or 'ï' => "i",
        'ñ' or 'ń' => "n",
        'ò' or 'ó' or 'ô' or 'õ' or 'ö' or 'ø' => "o",
        'ù' or 'ú' or 'û' or 'ü' => "u",
        'ý' or 'ÿ' => "y",
        'š' => "s",
        'ž' => "z",
        'œ' => "oe",
        'æ' => "ae",
        'ß' => "ss",
        _ => "",
    };
}
