using System.Globalization;
using System.Text.Json;
using Rosa.Web;

namespace Rosa.Storefront;

/// <summary>A product as search engines read it (schema.org, JSON-LD). The serializer escapes <c>&lt;</c>, so nothing in a title ends the script element.</summary>
static class StructuredData
{
    public static string Of(ProductDetail product, IReadOnlyList<Category> trail, Visit visit)
    {
        var about = new Dictionary<string, object>
        {
            ["@context"] = "https://schema.org",
            ["@type"] = "Product",
            ["name"] = product.Title,
            ["description"] = product.Description,
            ["productID"] = product.ProductId.ToString(),
            ["offers"] = new Dictionary<string, object>
            {
                ["@type"] = "Offer",
                ["price"] = product.SellingPrice.ToString("0.00", CultureInfo.InvariantCulture),
                ["priceCurrency"] = visit.Shop.Currency,
                ["availability"] = product.Stock > 0 ? "https://schema.org/InStock" : "https://schema.org/OutOfStock",
                ["url"] = visit.Origin + product.Path,
            },
        };
        if (Pictures.Address(product.ImageUrl) is { } picture) about["image"] = picture.StartsWith('/') ? visit.Origin + picture : picture;
        if (product.Sku is { } sku) about["sku"] = sku;
        if (trail.Count > 0) about["category"] = string.Join(" > ", trail.Select(category => category.Title));
        if (product.Rating.Count > 0)
        {
            about["aggregateRating"] = new Dictionary<string, object>
            {
                ["@type"] = "AggregateRating",
                ["ratingValue"] = product.Rating.Average.ToString(CultureInfo.InvariantCulture),
                ["reviewCount"] = product.Rating.Count,
            };
        }
        return JsonSerializer.Serialize(about);
    }
}
