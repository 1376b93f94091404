using Microsoft.AspNetCore.WebUtilities;
using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>GET /suggestions?q=</c>: a few products as one types, as a piece of a page.</summary>
static class SuggestProducts
{
    public static async Task<IResult> Handle(ShopApi shop, Visit visit)
    {
        var text = visit.Context.Request.Query["q"].ToString().Trim();
        if (text.Length is < 2 or > 200) return TypedResults.NoContent();
        var found = await shop.ProductsAsync(QueryHelpers.AddQueryString("", new Dictionary<string, string?> { ["search"] = text, ["limit"] = "6" }));
        if (found.Value is not { Products.Count: > 0 } page) return TypedResults.NoContent();
        visit.Context.Response.Headers.CacheControl = "private, max-age=30";
        return Html.Page<Suggestions>(new { Text = text, Found = page });
    }
}
