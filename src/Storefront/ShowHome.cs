using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>GET /</c></summary>
static class ShowHome
{
    const int Recommended = 4;

    public static async Task<IResult> Handle(ShopApi shop, Shelves shelves, Visit visit)
    {
        var forEverybody = visit.Token is null && visit.Session.Cart is null ? await shelves.HomeAsync(visit.Language) : null;
        var home = forEverybody ?? (await shop.HomeAsync()).OrThrow();
        var reasons = (home.Recommendations ?? []).Take(Recommended).ToDictionary(suggested => suggested.ProductId, suggested => suggested.Reason);
        var recommended = await shelves.CardsAsync(reasons.Keys, visit.Language);
        return Html.Page<Home>(new { Answer = home, IsForEverybody = forEverybody is not null, Recommended = recommended, Reasons = (IReadOnlyDictionary<Guid, string>)reasons });
    }
}
