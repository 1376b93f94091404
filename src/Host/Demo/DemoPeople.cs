namespace Rosa.Host.Demo;

/// <summary>Where a parcel goes; shaped like the API's shipping address.</summary>
sealed record DemoAddress(string Name, string Line1, string? Line2, string PostalCode, string City, string Country);

/// <summary>A customer who does not exist. Passwords are given by the loader, at random.</summary>
sealed record DemoCustomer(
    Guid CustomerId, string Email, string FirstName, string LastName, Animal Animal, string Language, bool NotificationsEnabled,
    DemoAddress Address, DateTimeOffset RegisteredAt);

/// <summary>
/// Fifty customers nobody can mistake for a person: names out of a tale, the family name Exemple, e-mail under the reserved
/// top-level domain <c>.example</c> (RFC 2606 §2), streets that are no streets.
/// </summary>
static class DemoPeople
{
    static readonly string[] FirstNames =
    [
        "Pralinette", "Biscotin", "Grenadine", "Tournicot", "Mirabelline", "Pipelet", "Cannelline", "Bouldogome", "Noisettine", "Farfadin",
        "Plumetine", "Croquemiel", "Violinette", "Zéphyrin-Bleu", "Moustachine", "Ronronnet", "Papillotte", "Galopin", "Coquelinette", "Barbotin",
        "Framboisine", "Trottinel", "Clochetine", "Mandarinet", "Gribouillon", "Pâquerettine", "Sifflotin", "Chaussonne", "Bergamotin", "Pirouettine",
        "Vaguelin", "Dentelline", "Tambourinet", "Poudrinette", "Fanfarin", "Caramelline", "Hibouline", "Marmitonne", "Gazouillet", "Lunettine",
        "Roudoudin", "Guimauvine", "Tintinnabule", "Cerisine", "Brindillon", "Merveillotte", "Pastelin", "Virevoltine", "Édredonne", "Toupinet",
    ];

    static readonly (string Street, string PostalCode, string City)[] Places =
    [
        ("rue de l'Exemple", "75000", "Paris"), ("allée du Spécimen", "69000", "Lyon"), ("impasse de l'Imaginaire", "13000", "Marseille"),
        ("place du Modèle", "31000", "Toulouse"), ("chemin de Nulle-Part", "44000", "Nantes"), ("quai de la Fiction", "33000", "Bordeaux"),
        ("sentier du Conte", "59000", "Lille"),
    ];

    // Out of fifty, about as pets go: dogs and cats lead.
    static readonly (Animal Animal, int Count)[] Households =
        [(Animal.Dog, 18), (Animal.Cat, 16), (Animal.Rodent, 6), (Animal.Bird, 5), (Animal.Fish, 5)];

    public static IReadOnlyList<DemoCustomer> For(DemoSeed seed, DateTimeOffset now)
    {
        var animals = Households.SelectMany(household => Enumerable.Repeat(household.Animal, household.Count)).ToArray();
        return [.. FirstNames.Select((firstName, index) => Customer(seed, now, index, firstName, animals[index * 7 % animals.Length]))];
    }

    static DemoCustomer Customer(DemoSeed seed, DateTimeOffset now, int index, string firstName, Animal animal)
    {
        var random = seed.RandomFor("customer", index);
        var place = random.Pick(Places);
        return new(
            seed.Id("customer", index),
            $"customer{index + 1:00}@rosa.example",
            firstName,
            "Exemple",
            animal,
            Language: random.Chance(80) ? "fr" : "en",
            NotificationsEnabled: random.Chance(70),
            new($"{firstName} Exemple", $"{index + 1} {place.Street}", random.Chance(15) ? "Bâtiment imaginaire" : null, place.PostalCode, place.City, "FR"),
            RegisteredAt: now.AddDays(-random.Between(95, 400)));
    }
}
