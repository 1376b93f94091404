using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>POST /cart/items</c> puts more of a product into the cart; <c>POST /cart/items/{productId}</c> says how many, or that it goes.</summary>
static class ChangeCart
{
    const int Most = 1_000;

    public static async Task<IResult> Add(PostedForm form, ShopApi shop, Visit visit)
    {
        if (form.Id("productId") is not { } productId) return new SeeOther("/cart");
        var more = Math.Clamp(form.Number("quantity", 1), 1, Most);
        var there = visit.Login is null && visit.Session.Cart is null ? 0 : (await shop.CartAsync()).OrThrow().Items.FirstOrDefault(item => item.ProductId == productId)?.Quantity ?? 0;
        (await shop.PutInCartAsync(productId, Math.Min(Most, there + more))).OrThrow();

        if (!visit.Context.Request.Headers.Accept.ToString().StartsWith("application/json", StringComparison.Ordinal)) return new SeeOther("/cart");
        var count = visit.Session.CartCount;
        return TypedResults.Json(new AddedToCart(count, visit.Texts["cart.added"], visit.Texts.Count("cart.link", count)), ShopJson.Default.AddedToCart);
    }

    public static async Task<IResult> Change(Guid productId, PostedForm form, ShopApi shop)
    {
        var quantity = Math.Min(form.Number("quantity", 1), Most);
        if (form.IsTicked("remove") || quantity == 0) (await shop.TakeFromCartAsync(productId)).OrThrow();
        else (await shop.PutInCartAsync(productId, quantity)).OrThrow();
        return new SeeOther("/cart");
    }
}
