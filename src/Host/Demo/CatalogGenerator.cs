namespace Rosa.Host.Demo;

/// <summary>A past order for benches: no address, history or promotion.</summary>
readonly record struct BenchOrder(Guid OrderId, Guid CustomerId, DateTimeOffset PlacedAt, BenchOrderLine[] Lines, decimal TotalAmount);

/// <summary>One product of a <see cref="BenchOrder"/>.</summary>
readonly record struct BenchOrderLine(Guid ProductId, int Quantity, decimal UnitPrice);

/// <summary>Catalogs and histories of any size, made while they are read, so that a million orders need no memory.</summary>
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

    /// <summary>
    /// Past orders over the year before <paramref name="now"/>, oldest first. Each customer keeps to one animal and favours
    /// the front of its shelf, so that there is something to recommend.
    /// </summary>
    /// <param name="customers">How many customers share the orders; their ids are <see cref="CustomerId"/>.</param>
    public static IEnumerable<BenchOrder> Orders(int count, IReadOnlyList<DemoProduct> products, int customers, DemoSeed seed, DateTimeOffset now)
    {
        var shelves = products.GroupBy(product => product.Animal).Select(shelf => shelf.ToArray()).ToArray();
        var from = now.AddDays(-365);
        for (var index = 0; index < count; index++)
        {
            var random = seed.RandomFor("bench-order", index);
            var customer = random.Below(customers);
            var shelf = random.Chance(90) ? shelves[customer % shelves.Length] : random.Pick(shelves);
            var lines = new BenchOrderLine[Math.Min(shelf.Length, random.Between(1, 4))];
            var total = 0m;

            // Neighbours on the shelf: distinct products without a search, and pairs that come back often enough to be found.
            var first = Math.Min(random.Below(shelf.Length), random.Below(shelf.Length));
            for (var line = 0; line < lines.Length; line++)
            {
                var product = shelf[(first + line) % shelf.Length];
                lines[line] = new(product.ProductId, random.Between(1, 3), product.Price);
                total += lines[line].Quantity * product.Price;
            }

            yield return new(seed.Id("bench-order", index), CustomerId(customer, seed), from.AddTicks(TimeSpan.TicksPerDay * 365 / count * index), lines, total);
        }
    }

    public static Guid CustomerId(int index, DemoSeed seed) => seed.Id("bench-customer", index);
}
