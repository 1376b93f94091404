namespace Rosa.Recommendations.Tests;

public sealed class MeasureTests
{
    static readonly DateTimeOffset today = new(2026, 3, 14, 0, 0, 0, TimeSpan.Zero);
    static readonly Guid litter = Guid.CreateVersion7(), scoop = Guid.CreateVersion7(), ball = Guid.CreateVersion7(), wand = Guid.CreateVersion7();
    static readonly Bought most = new(Among: 20, Overall: 40);

    static Link Link(Guid productId, double overall, params Neighbour[] neighbours) => new(productId, today, overall, neighbours);

    static List<Suggestion> Rank(string? animal, IReadOnlyList<Link> links, IReadOnlyDictionary<Guid, Bought>? popular = null, params Guid[] newest) =>
        Measure.RankFor(animal, links, popular ?? new Dictionary<Guid, Bought>(), most, newest, today);

    [Fact]
    public void What_goes_with_something_bought_comes_before_what_everybody_buys()
    {
        var ranked = Rank(null, [Link(litter, 10, new Neighbour(scoop, Both: 8, Together: 8, new Bought(0, 9)))], new Dictionary<Guid, Bought> { [ball] = new(0, 40) });
        Assert.Equal([scoop, ball], ranked.Select(suggestion => suggestion.ProductId));
        Assert.Equal(new Why.BecauseOf(litter), ranked[0].Why);
        Assert.Equal(new Why.Popular(), ranked[1].Why);
    }

    [Fact]
    public void A_rare_product_that_always_goes_along_comes_before_a_favourite_that_goes_with_everything()
    {
        var ranked = Rank(null, [Link(litter, 10, new Neighbour(ball, Both: 8, 8, new Bought(0, 40)), new Neighbour(scoop, Both: 8, 8, new Bought(0, 8)))]);
        Assert.Equal([scoop, ball], ranked.Select(suggestion => suggestion.ProductId));
    }

    [Fact]
    public void One_coincidence_is_no_rule()
    {
        var once = Measure.Similarity(both: 1, one: 1, other: 1);
        Assert.InRange(once, 0.1, 0.4);
        Assert.True(Measure.Similarity(both: 10, one: 12, other: 12) > once);
    }

    [Fact]
    public void What_several_things_bought_speak_for_comes_first_and_the_loudest_is_named()
    {
        Neighbour With(Guid productId, double both) => new(productId, both, 1, new Bought(0, 10));
        var ranked = Rank(null, [Link(litter, 10, With(scoop, 4), With(wand, 5)), Link(ball, 10, With(scoop, 5))]);
        Assert.Equal([scoop, wand], ranked.Select(suggestion => suggestion.ProductId));
        Assert.Equal(new Why.BecauseOf(ball), ranked[0].Why);
    }

    [Fact]
    public void What_was_bought_lately_speaks_louder_than_what_was_bought_long_ago()
    {
        var old = Link(litter, 10, new Neighbour(scoop, 5, 5, new Bought(0, 10))) with { LastBoughtAt = today.AddDays(-360) };
        var ranked = Rank(null, [old, Link(ball, 10, new Neighbour(wand, 5, 5, new Bought(0, 10)))]);
        Assert.Equal([wand, scoop], ranked.Select(suggestion => suggestion.ProductId));
    }

    [Fact]
    public void Who_has_bought_nothing_gets_what_is_popular_with_their_animal_then_what_is_popular_then_what_is_new()
    {
        var popular = new Dictionary<Guid, Bought> { [ball] = new(Among: 2, Overall: 40), [wand] = new(Among: 18, Overall: 20) };
        var ranked = Rank("cat", [], popular, newest: scoop);
        Assert.Equal([(wand, new Why.PopularWith("cat")), (ball, (Why)new Why.Popular()), (scoop, new Why.New())], ranked.Select(suggestion => (suggestion.ProductId, suggestion.Why)));
    }

    [Fact]
    public void Without_an_animal_it_is_what_everybody_buys()
    {
        var popular = new Dictionary<Guid, Bought> { [ball] = new(0, Overall: 40), [wand] = new(0, Overall: 20) };
        Assert.Equal([ball, wand], Rank(null, [], popular).Select(suggestion => suggestion.ProductId));
    }

    [Fact]
    public void Of_an_empty_shop_nothing_is_suggested() => Assert.Empty(Measure.RankFor("cat", [], new Dictionary<Guid, Bought>(), most: default, [], today));

    [Fact]
    public void Scores_lie_between_0_and_1_and_never_rise_and_no_product_comes_twice()
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        for (var round = 0; round < 300; round++)
        {
            Guid[] products = [.. Enumerable.Range(0, 30).Select(_ => Guid.NewGuid())];
            Bought Bought() => random.NextDouble() * 50 is var overall ? new(overall * random.NextDouble() * 1.1, overall) : default;
            var links = Enumerable.Range(0, random.Next(8)).Select(_ => Link(Guid.NewGuid(), random.NextDouble() * 50,
                [.. random.GetItems(products, 10).Distinct().Select(id => new Neighbour(id, random.NextDouble() * 60, random.Next(5), Bought()))])).ToList();
            var popular = random.GetItems(products, 10).Distinct().ToDictionary(id => id, _ => Bought());
            Check(Rank(random.Next(2) == 0 ? "cat" : null, links, popular, random.GetItems(products, 5)[..1]));
            Check(Measure.RankRelated(Link(Guid.NewGuid(), 10, [.. links.SelectMany(link => link.Neighbours).DistinctBy(neighbour => neighbour.ProductId)]), popular.ToDictionary(p => p.Key, p => p.Value.Overall)));
        }

        void Check(List<Suggestion> ranked)
        {
            Assert.True(ranked.All(suggestion => suggestion.Score is >= 0 and <= 1), $"seed {seed}");
            Assert.True(ranked.Zip(ranked.Skip(1)).All(pair => pair.First.Score >= pair.Second.Score), $"seed {seed}");
            Assert.True(ranked.Select(suggestion => suggestion.ProductId).Distinct().Count() == ranked.Count, $"seed {seed}");
        }
    }

    [Fact]
    public void Equal_scores_stand_in_the_order_of_their_ids()
    {
        Guid[] products = [.. Enumerable.Range(0, 20).Select(_ => Guid.NewGuid())];
        var ranked = Rank(null, [], products.ToDictionary(id => id, _ => new Bought(0, 5)));
        Assert.Equal(products.Order(), ranked.Select(suggestion => suggestion.ProductId));
    }

    [Fact]
    public void With_a_product_come_those_bought_with_it_then_those_chosen_too_then_its_shelf()
    {
        var link = Link(litter, 10, new Neighbour(scoop, 8, Together: 8, new Bought(0, 9)), new Neighbour(wand, 2, Together: 0, new Bought(0, 9)));
        var ranked = Measure.RankRelated(link, new Dictionary<Guid, double> { [ball] = 30, [scoop] = 9 });
        Assert.Equal(
            [(scoop, new Why.BoughtWith(litter)), (wand, (Why)new Why.ChosenToo(litter)), (ball, new Why.SameShelf())],
            ranked.Select(suggestion => (suggestion.ProductId, suggestion.Why)));
    }

    [Fact]
    public void An_order_counts_half_after_a_half_life_whenever_one_looks()
    {
        var then = new DateTimeOffset(2026, 7, 1, 12, 0, 0, TimeSpan.Zero);
        foreach (var later in new[] { 0, 100, 5_000 })
        {
            var now = then.AddDays(later);
            Assert.Equal(0.5, Recency.WeightAt(now - Recency.HalfLife) / Recency.WeightAt(now), precision: 9);
        }
        Assert.Equal(1, Recency.Left(then.AddDays(1), then, Recency.HalfLife));
        Assert.Equal(0.25, Recency.Left(then - Recency.HalfLife * 2, then, Recency.HalfLife), precision: 9);
        Assert.True(double.IsFinite(Recency.WeightAt(new DateTimeOffset(2200, 1, 1, 0, 0, 0, TimeSpan.Zero))));
    }
}
