namespace Rosa.Host.Demo;

/// <summary>What the shop says about a product in one language.</summary>
sealed record DemoText(string Title, string Description);

/// <summary>A product as the loader puts it on the shelf.</summary>
/// <param name="Slug">Unique, in English, fit for a URL and a file name.</param>
/// <param name="CategorySlug">The leaf category, such as <c>dog-food</c>.</param>
/// <param name="Price">EUR, two decimals.</param>
/// <param name="Stock">Pieces on the shelf; a few products are sold out on purpose.</param>
/// <param name="Keywords">Search words in both languages.</param>
sealed record DemoProduct(
    Guid ProductId, string Slug, string CategorySlug, Animal Animal, DemoText French, DemoText English,
    decimal Price, int Stock, Motif Motif, IReadOnlyList<string> Keywords);
