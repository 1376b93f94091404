namespace Rosa.Recommendations;

/// <summary>Why, in the reader's words.</summary>
static class Wording
{
    /// <param name="titles">Of the products that a reason names; one that has left the shop is not named.</param>
    public static string Of(Why why, string language, IReadOnlyDictionary<Guid, string> titles)
    {
        string? Title(Guid productId) => titles.GetValueOrDefault(productId);
        var english = language == Language.English;
        return why switch
        {
            Why.BecauseOf because when Title(because.ProductId) is { } title => english ? $"Because you bought “{title}”" : $"Parce que vous avez acheté « {title} »",
            Why.BecauseOf => english ? "Based on what you bought" : "D'après vos achats",
            Why.PopularWith with when Animals(with.AnimalType, english) is { } animals => english ? $"Popular with {animals}" : $"Populaire chez les {animals}",
            Why.New => english ? "New in the shop" : "Nouveau dans la boutique",
            Why.BoughtWith with when Title(with.ProductId) is { } title => english ? $"Often bought with “{title}”" : $"Souvent acheté avec « {title} »",
            Why.ChosenToo too when Title(too.ProductId) is { } title => english ? $"Also chosen by those who bought “{title}”" : $"Choisi aussi par ceux qui ont acheté « {title} »",
            Why.SameShelf => english ? "From the same shelf" : "Dans le même rayon",
            _ => english ? "Popular right now" : "Très demandé en ce moment",
        };
    }

    static string? Animals(string animalType, bool english) => animalType switch
    {
        "dog" => english ? "dogs" : "chiens",
        "cat" => english ? "cats" : "chats",
        "bird" => english ? "birds" : "oiseaux",
        "rodent" => english ? "rodents" : "rongeurs",
        "fish" => english ? "fish" : "poissons",
        _ => null,
    };
}
