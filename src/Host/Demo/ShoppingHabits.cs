namespace Rosa.Host.Demo;

/// <summary>
/// What people put in a basket, and what recommendations are to find again: whoever buys the one often buys the other, now or the next
/// time; people keep to the food that their animal likes; and each household has shelves it goes to first.
/// </summary>
static class ShoppingHabits
{
    static readonly (Motif Bought, Motif Then, int Percent)[] Pairs =
    [
        (Motif.KibbleBag, Motif.Bowl, 55),
        (Motif.KibbleBag, Motif.Biscuits, 35),
        (Motif.Tin, Motif.Bowl, 25),
        (Motif.Cushion, Motif.Brush, 50),
        (Motif.Basket, Motif.Brush, 50),
        (Motif.Basket, Motif.Blanket, 30),
        (Motif.Litter, Motif.Scoop, 65),
        (Motif.Ball, Motif.Rope, 30),
        (Motif.Wand, Motif.Mouse, 45),
        (Motif.SeedBag, Motif.SeedBell, 45),
        (Motif.Cage, Motif.Perch, 60),
        (Motif.Hay, Motif.WaterBottle, 45),
        (Motif.Wheel, Motif.Tunnel, 40),
        (Motif.Aquarium, Motif.Plant, 65),
        (Motif.Aquarium, Motif.Gravel, 50),
        (Motif.FlakesTin, Motif.Net, 40),
    ];

    /// <summary>Products of one basket, each once. Nine of ten first choices are for the buyer's own animal.</summary>
    public static List<DemoProduct> Basket(DemoRandom random, Household household, ILookup<Animal, DemoProduct> shelves)
    {
        var basket = new List<DemoProduct>();
        if (household.Food is { } food && random.Chance(45)) Add(basket, food);
        foreach (var missing in household.TakeForNextTime())
        {
            if (random.Chance(60)) AddCompanion(basket, random, household.Animal, missing, shelves);
        }

        var choices = random.Below(10) switch { < 4 => 1, < 8 => 2, _ => 3 };
        for (var i = 0; i < choices; i++)
        {
            var animal = random.Chance(90) ? household.Animal : (Animal)random.Below(5);
            var first = random.PickFavourite(Shelf(random, household, shelves[animal]));
            Add(basket, first);
            if (animal == household.Animal && IsFood(first)) household.Food ??= first;
            foreach (var pair in Pairs.Where(pair => pair.Bought == first.Motif))
            {
                if (random.Chance(pair.Percent)) AddCompanion(basket, random, animal, pair.Then, shelves);
                else if (animal == household.Animal) household.LeaveForNextTime(pair.Then);
            }
        }
        return basket;
    }

    /// <summary>Food is bought by several, beds one at a time.</summary>
    public static int Quantity(DemoRandom random, DemoProduct product) => IsFood(product) && random.Chance(35) ? random.Between(2, 4) : 1;

    static DemoProduct[] Shelf(DemoRandom random, Household household, IEnumerable<DemoProduct> products)
    {
        var department = random.Chance(75) ? random.Pick(household.Departments) : null;
        return [.. products.Where(product => department is null || product.CategorySlug.EndsWith(department, StringComparison.Ordinal))];
    }

    static bool IsFood(DemoProduct product) => product.CategorySlug.EndsWith("-food", StringComparison.Ordinal) && product.Motif is not (Motif.Bowl or Motif.WaterBottle);

    static void AddCompanion(List<DemoProduct> basket, DemoRandom random, Animal animal, Motif motif, ILookup<Animal, DemoProduct> shelves)
    {
        DemoProduct[] companions = [.. shelves[animal].Where(product => product.Motif == motif)];
        if (companions.Length > 0) Add(basket, random.PickFavourite(companions));
    }

    static void Add(List<DemoProduct> basket, DemoProduct product)
    {
        if (!basket.Contains(product)) basket.Add(product);
    }
}

/// <summary>A customer between two orders: what their animal eats, where they look first, and what they did without the last time.</summary>
sealed class Household(Animal animal, DemoRandom random)
{
    static readonly string[] departments = ["-food", "-toys", "-care", "-beds"];

    readonly List<Motif> forNextTime = [];

    public Animal Animal => animal;

    /// <summary>The ends of the categories that this household goes to first.</summary>
    public IReadOnlyList<string> Departments { get; } = [random.Pick(departments), random.Pick(departments)];

    /// <summary>The food that was bought first and liked; null before.</summary>
    public DemoProduct? Food { get; set; }

    public void LeaveForNextTime(Motif companion) => forNextTime.Add(companion);

    public IReadOnlyList<Motif> TakeForNextTime()
    {
        Motif[] taken = [.. forNextTime];
        forNextTime.Clear();
        return taken;
    }
}
