namespace Rosa.Catalog.Tests;

public sealed class DiscountsTests
{
    readonly MovableClock clock = new();
    readonly Dictionary<string, string[]> paths = new() { ["dog"] = ["", "dog"], ["dog-food"] = ["", "dog", "dog-food"], ["cat"] = ["", "cat"] };

    Discounts With(params Discount[] discounts)
    {
        var known = new Discounts(clock);
        known.Replace(discounts, paths);
        return known;
    }

    [Fact]
    public void Without_discounts_there_is_no_other_price() => Assert.Null(With().Discounted("dog", 10m));

    [Fact]
    public void The_best_discount_wins()
    {
        var discounts = With(new Discount(null, 1000, 0, null), new Discount("dog", 2000, 0, null), new Discount(null, 0, 1.50m, null));
        Assert.Equal(8.00m, discounts.Discounted("dog-food", 10m));
        Assert.Equal(8.50m, discounts.Discounted("cat", 10m));
    }

    // 12.5 % of 10.20 is 1.275: 1.28 is taken off.
    [Fact]
    public void Half_a_cent_of_discount_is_rounded_away_from_zero() => Assert.Equal(8.92m, With(new Discount(null, 1250, 0, null)).Discounted("cat", 10.20m));

    [Fact]
    public void Nothing_costs_less_than_nothing() => Assert.Equal(0m, With(new Discount(null, 0, 20m, null)).Discounted("cat", 10m));

    [Fact]
    public void A_discount_ends_at_its_moment_though_nobody_asked_anew()
    {
        var discounts = With(new Discount(null, 1000, 0, clock.GetUtcNow().AddMinutes(1)));
        Assert.Equal(9m, discounts.Discounted("cat", 10m));
        clock.Forward(TimeSpan.FromMinutes(2));
        Assert.Null(discounts.Discounted("cat", 10m));
    }
}
