using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>GET /</c></summary>
static class ShowHome
{
    public static async Task<IResult> Handle(ShopApi shop)
    {
        var home = (await shop.HomeAsync()).OrThrow();
        return Html.Page<Home>(new { Answer = home });
    }
}
