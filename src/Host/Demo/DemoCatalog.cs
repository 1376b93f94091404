namespace Rosa.Host.Demo;

/// <summary>A shelf of the shop. <paramref name="ParentSlug"/> is null for the five animals at the top.</summary>
sealed record DemoCategory(string Slug, string? ParentSlug, string FrenchName, string EnglishName);

/// <summary>Mamie Rosa's shelves: 25 categories and 200 products.</summary>
sealed record DemoCatalog(IReadOnlyList<DemoProduct> Products)
{
    /// <summary>Every article family, in the order of the categories.</summary>
    public static readonly IReadOnlyList<ProductFamily> Families =
        [.. DogArticles.All, .. CatArticles.All, .. BirdArticles.All, .. RodentArticles.All, .. FishArticles.All];

    /// <summary>Parents come before their children.</summary>
    public static readonly IReadOnlyList<DemoCategory> Categories =
    [
        new("dog", null, "Chien", "Dog"),
        new("dog-food", "dog", "Repas du chien", "Dog food and bowls"),
        new("dog-toys", "dog", "Jouets pour chien", "Dog toys"),
        new("dog-care", "dog", "Soins du chien", "Dog care"),
        new("dog-beds", "dog", "Couchages pour chien", "Dog beds"),
        new("cat", null, "Chat", "Cat"),
        new("cat-food", "cat", "Repas du chat", "Cat food and bowls"),
        new("cat-toys", "cat", "Jouets pour chat", "Cat toys"),
        new("cat-care", "cat", "Litière et soins du chat", "Cat litter and care"),
        new("cat-beds", "cat", "Couchages et griffoirs", "Cat beds and scratching posts"),
        new("bird", null, "Oiseau", "Bird"),
        new("bird-food", "bird", "Graines et mangeoires", "Seeds and feeders"),
        new("bird-toys", "bird", "Jouets pour oiseau", "Bird toys"),
        new("bird-care", "bird", "Bain et soins de l'oiseau", "Bird bath and care"),
        new("bird-beds", "bird", "Cages, perchoirs et nids", "Cages, perches and nests"),
        new("rodent", null, "Rongeur", "Rodent"),
        new("rodent-food", "rodent", "Repas du rongeur", "Rodent food"),
        new("rodent-toys", "rodent", "Jouets pour rongeur", "Rodent toys"),
        new("rodent-care", "rodent", "Litière et soins du rongeur", "Rodent bedding and care"),
        new("rodent-beds", "rodent", "Cabanes et nids", "Huts and nests"),
        new("fish", null, "Poisson", "Fish"),
        new("fish-food", "fish", "Repas du poisson", "Fish food"),
        new("fish-toys", "fish", "Amusements d'aquarium", "Aquarium fun"),
        new("fish-care", "fish", "Eau et entretien", "Water and upkeep"),
        new("fish-beds", "fish", "Aquariums et décors", "Aquariums and furnishings"),
    ];

    public static DemoCatalog For(DemoSeed seed) => new(
    [
        .. Families.SelectMany(family => family.Variants.Select(variant => (family, variant)))
            .Select((article, index) => Product(article.family, article.variant, seed, index)),
    ]);

    /// <summary>Whether a category is the other or lies below it, as <c>dog-food</c> below <c>dog</c>.</summary>
    public static bool IsWithin(string categorySlug, string ancestorSlug) =>
        categorySlug == ancestorSlug || categorySlug.StartsWith(ancestorSlug + "-", StringComparison.Ordinal);

    public static Animal AnimalOf(string categorySlug) => categorySlug.Split('-')[0] switch
    {
        "dog" => Animal.Dog,
        "cat" => Animal.Cat,
        "bird" => Animal.Bird,
        "rodent" => Animal.Rodent,
        "fish" => Animal.Fish,
        _ => throw new ArgumentOutOfRangeException(nameof(categorySlug), categorySlug, "No such category."),
    };

    static DemoProduct Product(ProductFamily family, ProductVariant variant, DemoSeed seed, int index) => new(
        seed.Id("product", index),
        $"{family.Category}-{family.Slug}-{variant.Slug}",
        family.Category,
        AnimalOf(family.Category),
        new($"{family.French.Title}, {variant.FrenchLabel}", $"{family.French.Description} {variant.FrenchSentence}"),
        new($"{family.English.Title}, {variant.EnglishLabel}", $"{family.English.Description} {variant.EnglishSentence}"),
        variant.Price,
        Stock(seed.RandomFor("stock", index)),
        family.Motif,
        Keywords(family));

    // A shelf as one finds it: mostly full, some products nearly gone, a few sold out.
    static int Stock(DemoRandom random) => random.Below(100) switch
    {
        < 3 => 0,
        < 10 => random.Between(1, 4),
        _ => random.Between(12, 140),
    };

    internal static IReadOnlyList<string> Keywords(ProductFamily family)
    {
        var animal = Categories.First(category => category.Slug == family.Category.Split('-')[0]);
        return [animal.FrenchName.ToLowerInvariant(), animal.EnglishName.ToLowerInvariant(), .. family.Keywords.Split(' ').Distinct()];
    }
}
