using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>GET /cart</c></summary>
static class ShowCart
{
    public static async Task<IResult> Handle(ShopApi shop, Shelves shelves, Visit visit)
    {
        var cart = (await shop.CartAsync()).OrThrow();
        var cards = await shelves.CardsAsync(cart.Items.Select(item => item.ProductId), visit.Language);
        return Html.Page<CartView>(new { Cart = cart, Pictures = (IReadOnlyDictionary<Guid, string?>)cards.ToDictionary(card => card.ProductId, card => card.ImageUrl) });
    }
}
