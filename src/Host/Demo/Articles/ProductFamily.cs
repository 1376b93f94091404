namespace Rosa.Host.Demo;

/// <summary>An article as Mamie Rosa writes it down once: its story, and the sizes, flavours or colours it comes in.</summary>
/// <param name="Category">The leaf category it stands in.</param>
/// <param name="Keywords">Further search words, French and English, separated by spaces.</param>
sealed record ProductFamily(
    string Category, string Slug, Motif Motif, string Keywords, DemoText French, DemoText English, params ProductVariant[] Variants);

/// <summary>One size, flavour or colour; the sentence ends the description and is its own.</summary>
sealed record ProductVariant(string Slug, decimal Price, string FrenchLabel, string FrenchSentence, string EnglishLabel, string EnglishSentence);
