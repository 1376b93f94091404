namespace Rosa.Recommendations.Tests;

public sealed class WordingTests
{
    static readonly Guid litter = Guid.CreateVersion7();
    static readonly Dictionary<Guid, string> titles = new() { [litter] = "Litière" };

    [Fact]
    public void A_reason_is_told_in_French_or_English()
    {
        Assert.Equal("Parce que vous avez acheté « Litière »", Wording.Of(new Why.BecauseOf(litter), "fr", titles));
        Assert.Equal("Because you bought “Litière”", Wording.Of(new Why.BecauseOf(litter), "en", titles));
        Assert.Equal("Populaire chez les chats", Wording.Of(new Why.PopularWith("cat"), "fr", titles));
        Assert.Equal("Popular with dogs", Wording.Of(new Why.PopularWith("dog"), "en", titles));
        Assert.Equal("Souvent acheté avec « Litière »", Wording.Of(new Why.BoughtWith(litter), "fr", titles));
    }

    [Fact]
    public void A_product_that_has_left_the_shop_is_not_named() => Assert.Equal("D'après vos achats", Wording.Of(new Why.BecauseOf(Guid.NewGuid()), "fr", titles));

    [Fact]
    public void An_animal_without_a_name_is_not_named() => Assert.Equal("Très demandé en ce moment", Wording.Of(new Why.PopularWith("other"), "fr", titles));
}
