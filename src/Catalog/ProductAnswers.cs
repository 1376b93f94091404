namespace Rosa.Catalog;

// What clients read. Lists and details are written from the rows by ProductJson without these in between; the OpenAPI document
// is made of them, and a test compares the two.

/// <param name="Average">Of five stars, two decimals; 0 without ratings.</param>
public sealed record RatingSummary(decimal Average, int Count)
{
    public static RatingSummary Of(int count, int sum) => new(count == 0 ? 0 : Math.Round((decimal)sum / count, 2, MidpointRounding.AwayFromZero), count);
}

/// <param name="Price">With two decimals, in the shop's currency.</param>
/// <param name="DiscountedPrice">What is paid, when an automatic discount applies.</param>
/// <param name="Category">The category's slug.</param>
/// <param name="Stock">Units that can be bought now.</param>
public sealed record ProductCard(
    Guid ProductId, string Title, decimal Price, decimal? DiscountedPrice, string? ImageUrl, string Category, int Stock, RatingSummary Rating);

/// <param name="Total">Exact; lists narrowed by prices count up to 10,000, searches by relevance up to 1,000.</param>
/// <param name="SearchedFor">The words that were found when those that were asked for were not.</param>
/// <param name="Facets">With <c>facets=true</c>.</param>
public sealed record ProductPage(IReadOnlyList<ProductCard> Products, int Total, int Page, int Limit, string? SearchedFor, ProductFacets? Facets);

/// <param name="ImageId">Null for a picture that lies elsewhere.</param>
public sealed record ProductImage(Guid? ImageId, string Url);

/// <param name="Stars">One to five.</param>
public sealed record ProductRating(int Stars, string? Comment, DateTimeOffset RatedAt);

/// <param name="Ratings">The latest ten.</param>
public sealed record ProductDetail(
    Guid ProductId, string Title, string Description, string? Sku, decimal Price, decimal? DiscountedPrice, string? ImageUrl, string Category, int Stock, RatingSummary Rating,
    IReadOnlyList<ProductImage> Images, IReadOnlyList<ProductRating> Ratings, DateTimeOffset CreatedAt, DateTimeOffset ChangedAt);
