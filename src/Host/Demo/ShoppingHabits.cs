namespace Rosa.Host.Demo;

/// <summary>
/// What people put in a basket. The pairs are what recommendations are to find again: whoever buys the one often buys the
/// other, for the same animal.
/// </summary>
static class ShoppingHabits
{
    static readonly (Motif Bought, Motif Then, int Percent)[] Pairs =
    [
        (Motif.KibbleBag, Motif.Bowl, 55),
        (Motif.Tin, Motif.Bowl, 25),
        (Motif.Cushion, Motif.Brush, 50),
        (Motif.Basket, Motif.Brush, 50),
        (Motif.Litter, Motif.Scoop, 65),
        (Motif.Ball, Motif.Rope, 30),
        (Motif.Wand, Motif.Mouse, 45),
        (Motif.SeedBag, Motif.SeedBell, 45),
        (Motif.Cage, Motif.Perch, 60),
        (Motif.Hay, Motif.WaterBottle, 45),
        (Motif.Wheel, Motif.Tunnel, 40),
        (Motif.Aquarium, Motif.Plant, 65),
        (Motif.FlakesTin, Motif.Net, 40),
    ];

    /// <summary>Products of one basket, each once. Nine of ten first choices are for the buyer's own animal.</summary>
    public static List<DemoProduct> Basket(DemoRandom random, Animal own, ILookup<Animal, DemoProduct> shelves)
    {
        var basket = new List<DemoProduct>();
        var choices = random.Below(10) switch { < 3 => 1, < 7 => 2, < 9 => 3, _ => 4 };
        for (var i = 0; i < choices; i++)
        {
            var animal = random.Chance(90) ? own : (Animal)random.Below(5);
            var first = random.PickFavourite([.. shelves[animal]]);
            Add(basket, first);
            foreach (var pair in Pairs)
            {
                if (pair.Bought == first.Motif && random.Chance(pair.Percent) && Companions(shelves, animal, pair.Then) is { Length: > 0 } companions)
                    Add(basket, random.PickFavourite(companions));
            }
        }

        return basket;
    }

    /// <summary>Food is bought by several, beds one at a time.</summary>
    public static int Quantity(DemoRandom random, DemoProduct product) =>
        product.CategorySlug.EndsWith("-food", StringComparison.Ordinal) && product.Motif != Motif.Bowl && random.Chance(35) ? random.Between(2, 4) : 1;

    static DemoProduct[] Companions(ILookup<Animal, DemoProduct> shelves, Animal animal, Motif motif) =>
        [.. shelves[animal].Where(product => product.Motif == motif)];

    static void Add(List<DemoProduct> basket, DemoProduct product)
    {
        if (!basket.Contains(product)) basket.Add(product);
    }
}
