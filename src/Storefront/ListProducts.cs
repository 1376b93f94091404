using Microsoft.AspNetCore.WebUtilities;
using Rosa.Platform.Problems;
using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>GET /c/{category}</c> and <c>GET /search</c>: a list that can be narrowed, sorted and paged. What is not valid, the catalog says.</summary>
static class ListProducts
{
    const string PageSize = "24";

    public static async Task<IResult> Category(string category, ShopApi shop, Shelves shelves, Visit visit)
    {
        var path = await shelves.PathToAsync(category, visit.Language);
        if (path.Count == 0 && (await shelves.CategoriesAsync(visit.Language)).Count > 0) return Problem.NotFound("category").ToResultPage();
        return await ShowAsync(new ListChoice($"/c/{category}", category, visit.Context.Request.Query), path, shop);
    }

    public static Task<IResult> Search(ShopApi shop, Visit visit)
    {
        var query = visit.Context.Request.Query;
        return ShowAsync(new ListChoice("/search", query["category"].ToString() is { Length: > 0 } category ? category : null, query), path: [], shop);
    }

    static async Task<IResult> ShowAsync(ListChoice choice, IReadOnlyList<Category> path, ShopApi shop)
    {
        var found = (await shop.ProductsAsync(choice.ForShop(PageSize))).OrThrow();
        return Html.Page<ProductListing>(new { Choice = choice, Found = found, Trail = path });
    }
}

/// <summary>What a list is narrowed to, as its address says it, and the addresses that say something else.</summary>
/// <param name="Path">The page.</param>
/// <param name="Category">The slug that the list is of; null for all.</param>
public sealed record ListChoice(string Path, string? Category, IQueryCollection Query)
{
    static readonly string[] own = ["category", "q", "minPrice", "maxPrice", "inStock", "sort", "page"];

    public string Text => this["q"].Trim();

    public string Sort => this["sort"];

    public bool IsInStock => this["inStock"] == "true";

    public bool IsNarrowed => this["minPrice"].Length > 0 || this["maxPrice"].Length > 0 || IsInStock;

    public string this[string name] => Query[name].ToString();

    /// <summary>The address with one choice changed, or taken back by null, from the first page.</summary>
    public string With(string name, string? value) => With((name, value));

    public string With(params (string Name, string? Value)[] changes) =>
        QueryHelpers.AddQueryString(Path, own.Where(name => name != "page" && (name != "category" || Path == "/search"))
            .Select(name => new KeyValuePair<string, string?>(name, Array.Find(changes, change => change.Name == name) is { Name: not null } change ? change.Value : this[name]))
            .Concat(changes.Where(change => change.Name == "page").Select(change => new KeyValuePair<string, string?>("page", change.Value)))
            .Where(choice => !string.IsNullOrEmpty(choice.Value)));

    /// <summary>The query for the catalog.</summary>
    public string ForShop(string limit)
    {
        var asked = own.Where(name => name is not ("category" or "q")).Select(name => new KeyValuePair<string, string?>(name, this[name]))
            .Append(new("category", Category)).Append(new("search", Text)).Append(new("limit", limit)).Append(new("facets", "true"));
        return QueryHelpers.AddQueryString("", asked.Where(choice => !string.IsNullOrEmpty(choice.Value)));
    }
}
