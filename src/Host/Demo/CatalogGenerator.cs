namespace Rosa.Host.Demo;

/// <summary>Catalogs of any size, made while they are read.</summary>
static class CatalogGenerator
{
    /// <summary>
    /// Products varied from the hand-written families: the n-th is the same whatever the count. Titles and slugs carry the
    /// number and are distinct; prices lie within a quarter of the original's.
    /// </summary>
    public static IEnumerable<DemoProduct> Products(int count, DemoSeed seed)
    {
        var articles = DemoCatalog.Families
            .SelectMany(family => family.Variants.Select(variant => (Family: family, Variant: variant, Keywords: DemoCatalog.Keywords(family)))).ToArray();
        for (var index = 0; index < count; index++)
        {
            var random = seed.RandomFor("bench-product", index);
            var (family, variant, keywords) = random.Pick(articles);
            var second = random.Pick(family.Variants);
            var cents = (int)(variant.Price * 100);
            var price = Math.Max(100, cents * random.Between(75, 125) / 100 / 10 * 10) / 100m;
            yield return new(
                seed.Id("bench-product", index),
                $"{family.Category}-{family.Slug}-{variant.Slug}-{index}",
                family.Category,
                DemoCatalog.AnimalOf(family.Category),
                new($"{family.French.Title}, {variant.FrenchLabel}, nº {index}", $"{variant.FrenchSentence} {family.French.Description} Série {index} : {second.FrenchLabel}."),
                new($"{family.English.Title}, {variant.EnglishLabel}, no. {index}", $"{variant.EnglishSentence} {family.English.Description} Series {index}: {second.EnglishLabel}."),
                price,
                random.Between(0, 500),
                family.Motif,
                keywords);
        }
    }
}
