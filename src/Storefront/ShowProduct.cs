using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Web;

namespace Rosa.Storefront;

/// <summary><c>GET /p/{productId}/{slug}</c>: a product. Another slug, as of an older title, leads to the right one.</summary>
static class ShowProduct
{
    const int Related = 4;

    public static async Task<IResult> Handle(Guid productId, string? slug, ShopApi shop, Shelves shelves, Visit visit)
    {
        var asking = shop.RelatedAsync(productId);
        var product = (await shop.ProductAsync(productId)).OrThrow();
        var related = (await asking).Value?.Recommendations ?? [];
        if (slug != Slug.Of(product.Title)) return TypedResults.Redirect(product.Path + visit.Query, permanent: true);
        return await PageAsync(product, related, new PostedForm(), shelves, visit);
    }

    /// <param name="rating">What was typed about it, when that was refused.</param>
    public static async Task<IResult> PageAsync(ProductDetail product, IReadOnlyList<Recommendation> related, PostedForm rating, Shelves shelves, Visit visit)
    {
        var trail = shelves.PathToAsync(product.Category, visit.Language);
        var cards = await shelves.CardsAsync(related.Take(Related).Select(other => other.ProductId), visit.Language);
        return Html.Page<ProductView>(
            new { Product = product, Trail = await trail, Related = cards, Form = rating, Done = visit.Context.Request.Query["done"].ToString() },
            rating.HasErrors ? StatusCodes.Status422UnprocessableEntity : StatusCodes.Status200OK);
    }
}
