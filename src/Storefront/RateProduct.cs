using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>POST /p/{productId}/rating</c>: what a customer thinks of what they bought.</summary>
static class RateProduct
{
    public static async Task<IResult> Handle(Guid productId, PostedForm form, ShopApi shop, Shelves shelves, Visit visit)
    {
        var product = (await shop.ProductAsync(productId)).OrThrow();
        var stars = form.Number("stars", 0);
        if (stars is < 1 or > 5) form.Refuse("stars", visit.Texts["rate.stars.missing"]);
        if (!form.HasErrors && (await shop.RateAsync(productId, stars, form["comment"] is { Length: > 0 } comment ? comment : null)).Refusal is { } refusal) form.Refuse(refusal, visit.Texts);
        return form.HasErrors ? await ShowProduct.PageAsync(product, [], form, shelves, visit) : new SeeOther($"{product.Path}?done=rated#ratings");
    }
}
