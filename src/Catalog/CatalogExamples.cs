namespace Rosa.Catalog;

/// <summary>A product, as the API's description shows it.</summary>
static class CatalogExamples
{
    static readonly Guid product = Guid.Parse("0199a3f0-0000-7000-8000-000000000001");
    static readonly DateTimeOffset yesterday = new(2026, 6, 1, 9, 30, 0, TimeSpan.Zero);

    public static readonly ProductPage Page = new(
        [new ProductCard(product, "Corde à mâcher", 12.50m, DiscountedPrice: 10.00m, "/api/images/0199a3f0-0000-7000-8000-000000000003", "dog-toys", Stock: 14, new RatingSummary(4.67m, 3))],
        Total: 1, Page: 1, Limit: 20, SearchedFor: null, Facets: null);

    public static readonly ProductDetail Detail = new(
        product, "Corde à mâcher", "Un jouet solide.", Sku: "DT-0001", 12.50m, DiscountedPrice: 10.00m, "/api/images/0199a3f0-0000-7000-8000-000000000003", "dog-toys", Stock: 14, new RatingSummary(4.67m, 3),
        [new ProductImage(Guid.Parse("0199a3f0-0000-7000-8000-000000000003"), "/api/images/0199a3f0-0000-7000-8000-000000000003")], [new ProductRating(5, "Il l'adore.", yesterday)],
        CreatedAt: yesterday, ChangedAt: yesterday);
}
