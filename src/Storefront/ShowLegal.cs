using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>/terms</c>, <c>/privacy</c>, <c>/imprint</c>: the shop's own words, and from the settings who it is.</summary>
static class ShowLegal
{
    public static IResult Terms(StorefrontOptions options) => Page("terms", options);

    public static IResult Privacy(StorefrontOptions options) => Page("privacy", options);

    public static IResult Imprint(StorefrontOptions options) => Page("imprint", options);

    static IResult Page(string which, StorefrontOptions options) => Html.Page<LegalView>(new { Which = which, Options = options });
}
