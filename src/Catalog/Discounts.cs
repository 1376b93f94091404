namespace Rosa.Catalog;

/// <summary>A discount that applies without a code.</summary>
/// <param name="Category">It and what lies below it; null for the whole shop.</param>
/// <param name="BasisPoints">Hundredths of a percent; 0 when a fixed amount is taken off.</param>
/// <param name="Amount">Taken off each unit; 0 when it is a percentage.</param>
/// <param name="Until">It applies before this moment; null when its end is not known.</param>
sealed record Discount(string? Category, int BasisPoints, decimal Amount, DateTimeOffset? Until)
{
    /// <summary>What it takes off a price: rounded half away from zero, never more than the price.</summary>
    public decimal Off(decimal price) =>
        Math.Min(price, BasisPoints > 0 ? Math.Round(price * BasisPoints / 10_000m, 2, MidpointRounding.AwayFromZero) : Amount);
}

/// <summary>The automatic discounts as last heard of from Promotions, ready to be applied to a price.</summary>
sealed class Discounts(TimeProvider clock)
{
    sealed record Known(Discount[] Everywhere, Dictionary<string, Discount[]> ByCategory);

    static readonly Known none = new([], []);

    volatile Known known = none;

    /// <param name="paths">The path of each category, from the whole shop down to itself.</param>
    public void Replace(IReadOnlyList<Discount> discounts, IReadOnlyDictionary<string, string[]> paths) =>
        known = discounts.Count == 0 ? none : new Known(
            [.. discounts.Where(discount => discount.Category is null)],
            paths.ToDictionary(category => category.Key, category => discounts.Where(discount => discount.Category is { } at && category.Value.Contains(at)).ToArray()));

    public void Clear() => known = none;

    /// <summary>The price with the best discount taken off, or null when there is none.</summary>
    public decimal? Discounted(string category, decimal price)
    {
        var now = known;
        if (ReferenceEquals(now, none)) return null;
        var off = Math.Max(Best(now.Everywhere, price), now.ByCategory.TryGetValue(category, out var ofCategory) ? Best(ofCategory, price) : 0);
        return off > 0 ? price - off : null;
    }

    decimal Best(Discount[] discounts, decimal price)
    {
        var best = 0m;
        foreach (var discount in discounts)
        {
            if (discount.Until is null || clock.GetUtcNow() < discount.Until) best = Math.Max(best, discount.Off(price));
        }
        return best;
    }
}
