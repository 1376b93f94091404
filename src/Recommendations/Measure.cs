namespace Rosa.Recommendations;

/// <summary>Why a product is suggested; what a person is told is in <see cref="Wording"/>.</summary>
abstract record Why
{
    Why() { }

    /// <summary>Customers who bought the one bought the other.</summary>
    internal sealed record BecauseOf(Guid ProductId) : Why;
    internal sealed record PopularWith(string AnimalType) : Why;
    internal sealed record Popular : Why;
    internal sealed record New : Why;

    /// <summary>In one order with the product looked at.</summary>
    internal sealed record BoughtWith(Guid ProductId) : Why;

    /// <summary>By the same customers as the product looked at, another time.</summary>
    internal sealed record ChosenToo(Guid ProductId) : Why;
    internal sealed record SameShelf : Why;
}

/// <param name="Score">0 to 1.</param>
sealed record Suggestion(Guid ProductId, double Score, Why Why);

/// <summary>How often a product is bought, in orders of today.</summary>
/// <param name="Among">By owners of the same animal.</param>
/// <param name="Overall">By everybody.</param>
readonly record struct Bought(double Among, double Overall);

/// <summary>A product that customers who bought another bought too.</summary>
/// <param name="Both">How often both, in orders of today; of two orders the later counts, by half.</param>
/// <param name="Together">In how many orders both lay together.</param>
readonly record struct Neighbour(Guid ProductId, double Both, int Together, Bought Bought);

/// <summary>One of the products that a customer bought, and what goes with it.</summary>
sealed record Link(Guid ProductId, DateTimeOffset LastBoughtAt, double Overall, IReadOnlyList<Neighbour> Neighbours);

/// <summary>
/// What suggestions are ranked by. Pure: the same numbers, the same ranking. Why it is measured so, and what it is worth:
/// <c>docs/decisions/0023-recommendations.md</c>.
/// </summary>
static class Measure
{
    /// <summary>Orders that everything is doubted by: two products bought once, and together, are no rule yet.</summary>
    const double Doubt = 2;

    /// <summary>What somebody bought speaks for them half as loud after this time.</summary>
    static readonly TimeSpan interest = TimeSpan.FromDays(180);

    const double OfHistory = 0.75, OfAnimal = 0.2, OfPopularity = 0.05;

    /// <summary>Below everything that anybody has bought.</summary>
    const double OfNews = 0.001;

    /// <summary>Cosine of the two products' buyers, with the doubt on both sides: 0 to 1.</summary>
    public static double Similarity(double both, double one, double other) =>
        both <= 0 ? 0 : Math.Min(1, both / Math.Sqrt((Math.Max(0, one) + Doubt) * (Math.Max(0, other) + Doubt)));

    /// <summary>How much a product belongs to an animal's owners: how popular it is with them, times their share of its buyers.</summary>
    public static double Affinity(Bought bought, double mostAmong) =>
        mostAmong <= 0 || bought.Among <= 0 ? 0 : Math.Min(1, bought.Among / mostAmong) * ShareAmong(bought);

    static double ShareAmong(Bought bought) => Math.Min(1, bought.Among / (bought.Overall + 1));

    /// <summary>What to suggest to a customer, best first.</summary>
    /// <param name="animalType">Null when it is not known.</param>
    /// <param name="links">The products last bought, with what goes with them; without what was bought already.</param>
    /// <param name="popular">Of everybody and of the owners of the animal, without what was bought already.</param>
    /// <param name="most">The counts of the most popular product of all: what 1 is.</param>
    /// <param name="newest">Newest first.</param>
    public static List<Suggestion> RankFor(
        string? animalType, IReadOnlyList<Link> links, IReadOnlyDictionary<Guid, Bought> popular, Bought most, IReadOnlyList<Guid> newest, DateTimeOffset today)
    {
        var candidates = new Dictionary<Guid, Candidate>();
        foreach (var link in links)
        {
            var interested = Recency.Left(link.LastBoughtAt, today, interest);
            foreach (var neighbour in link.Neighbours)
                Of(neighbour.ProductId, neighbour.Bought).Hear(link.ProductId, interested * Similarity(neighbour.Both, link.Overall, neighbour.Bought.Overall));
        }
        foreach (var (productId, bought) in popular) Of(productId, bought);

        var ranked = candidates.Select(candidate => candidate.Value.Judge(candidate.Key, animalType, most)).ToList();
        ranked.AddRange(newest.Where(productId => !candidates.ContainsKey(productId)).Select((productId, place) => new Suggestion(productId, OfNews / (1 + place), new Why.New())));
        return BestFirst(ranked);

        Candidate Of(Guid productId, Bought bought)
        {
            if (!candidates.TryGetValue(productId, out var candidate)) candidates.Add(productId, candidate = new Candidate(bought));
            return candidate;
        }
    }

    /// <summary>What goes with a product, best first; then the rest of its shelf by popularity.</summary>
    /// <param name="shelf">Products of the same category, with how often they are bought.</param>
    public static List<Suggestion> RankRelated(Link link, IReadOnlyDictionary<Guid, double> shelf)
    {
        var ranked = link.Neighbours.Select(neighbour => new Suggestion(
            neighbour.ProductId,
            Similarity(neighbour.Both, link.Overall, neighbour.Bought.Overall),
            neighbour.Together > 0 ? new Why.BoughtWith(link.ProductId) : new Why.ChosenToo(link.ProductId))).ToList();
        var known = ranked.Select(suggestion => suggestion.ProductId).ToHashSet();

        // Half of the least that goes with it: being on one shelf says less than being bought with it.
        var below = ranked.Count == 0 ? OfPopularity : Math.Min(OfPopularity, ranked.Min(suggestion => suggestion.Score) / 2);
        var most = shelf.Values.DefaultIfEmpty(0).Max();
        ranked.AddRange(shelf.Where(product => !known.Contains(product.Key)).Select(product =>
            new Suggestion(product.Key, below * (Math.Max(0, product.Value) + Doubt) / (most + Doubt), new Why.SameShelf())));
        return BestFirst(ranked);
    }

    static List<Suggestion> BestFirst(List<Suggestion> suggestions)
    {
        suggestions.Sort((one, other) => (other.Score, one.ProductId).CompareTo((one.Score, other.ProductId)));
        return suggestions;
    }

    sealed class Candidate(Bought bought)
    {
        /// <summary>That none of what was bought speaks for it: each thing bought is a chance of its own.</summary>
        double unheard = 1;
        double loudest;
        Guid speaker;

        public void Hear(Guid productId, double voice)
        {
            unheard *= 1 - voice;
            if (voice <= loudest) return;
            (loudest, speaker) = (voice, productId);
        }

        public Suggestion Judge(Guid productId, string? animalType, Bought most)
        {
            var history = OfHistory * (1 - unheard);
            var animal = animalType is null ? 0 : OfAnimal * Affinity(bought, most.Among);
            var popularity = most.Overall <= 0 ? 0 : OfPopularity * Math.Clamp(bought.Overall / most.Overall, 0, 1);
            return new Suggestion(productId, history + animal + popularity, WhyOf(history, animal, animalType));
        }

        /// <summary>The part that weighs most is the one that is told; "popular with cats" only of what mostly cats' people buy.</summary>
        Why WhyOf(double history, double animal, string? animalType)
        {
            if (loudest > 0 && history >= animal) return new Why.BecauseOf(speaker);
            return animalType is not null && ShareAmong(bought) >= 0.5 ? new Why.PopularWith(animalType) : loudest > 0 ? new Why.BecauseOf(speaker) : new Why.Popular();
        }
    }
}
