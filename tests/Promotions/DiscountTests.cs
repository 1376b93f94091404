namespace Rosa.Promotions;

public sealed class DiscountTests
{
    static readonly DateTimeOffset now = new(2026, 12, 24, 12, 0, 0, TimeSpan.Zero);

    static readonly Promotion ten = new(
        "TEN", DiscountPercentage: 10, DiscountAmount: null, ValidFrom: now.AddDays(-1), ValidUntil: now.AddDays(1),
        MaxUses: null, MaxUsesPerUser: null, MinCartTotal: null, Category: null, Automatic: false, UsageCount: 0);

    [Theory]
    [InlineData("10", "99.95", "10.00")]
    [InlineData("10", "0.05", "0.01")]      // half a cent goes up
    [InlineData("12.5", "39.99", "5.00")]
    [InlineData("33.33", "100", "33.33")]
    [InlineData("100", "19.99", "19.99")]
    [InlineData("10", "0", "0")]
    public void A_percentage_is_rounded_once_half_away_from_zero(string percentage, string total, string discount) =>
        Assert.Equal(Number(discount), Decide(ten with { DiscountPercentage = Number(percentage) }, Number(total)).Discount);

    [Theory]
    [InlineData("5", "30", "5")]
    [InlineData("5", "3.20", "3.20")]
    public void An_amount_is_never_more_than_the_total(string amount, string total, string discount) =>
        Assert.Equal(Number(discount), Decide(ten with { DiscountPercentage = null, DiscountAmount = Number(amount) }, Number(total)).Discount);

    [Fact]
    public void What_lies_below_a_category_is_what_the_catalog_says_and_until_it_is_heard_what_the_slugs_say()
    {
        var categories = new Categories();
        Assert.Equal(["dog", "dog-food", "dog-food-dry"], categories.PathOf("dog-food-dry"));

        categories.Replace([new("toys", ["dog", "toys"]), new("dog", ["dog"]), new("dog-lovers", ["books", "dog-lovers"])]);
        Assert.Equal(["dog", "toys"], categories.PathOf("toys"));
        Assert.Equal(["books", "dog-lovers"], categories.PathOf("dog-lovers"));
        Assert.Equal(["gone-since"], categories.PathOf("gone-since"));
        Assert.Empty(categories.PathOf(null));
        Assert.Empty(categories.PathOf(""));
    }

    [Fact]
    public void A_code_of_a_category_is_for_its_lines_and_those_below_it()
    {
        CartLine[] lines = [new(["dog"], 10), new(["dog", "dog-food"], 20), new(["doggy"], 40), new(["cat"], 80), new([], 160)];
        Assert.Equal(3, Discount.Decide(ten with { Category = "dog" }, new Cart(310, lines), 0, now).Discount);
        Assert.Equal(2, Discount.Decide(ten with { Category = "dog-food" }, new Cart(310, lines), 0, now).Discount);
        Assert.Equal(Discount.CartTooSmall, Discount.Decide(ten with { Category = "bird" }, new Cart(310, lines), 0, now).Reason);
        Assert.Equal(Discount.CartTooSmall, Discount.Decide(ten with { Category = "dog" }, new Cart(310, []), 0, now).Reason);
    }

    [Fact]
    public void Every_refusal_has_its_reason()
    {
        Assert.Equal(Discount.Unknown, Decide(null).Reason);
        Assert.Equal(Discount.Unknown, Decide(ten with { Automatic = true }).Reason);
        Assert.Equal(Discount.NotStarted, Decide(ten with { ValidFrom = now.AddTicks(1) }).Reason);
        Assert.Equal(Discount.Expired, Decide(ten with { ValidUntil = now }).Reason);
        Assert.Equal(Discount.Exhausted, Decide(ten with { MaxUses = 3, UsageCount = 3 }).Reason);
        Assert.Equal(Discount.AlreadyUsed, Decide(ten with { MaxUsesPerUser = 2 }, uses: 2).Reason);
        Assert.Equal(Discount.CartTooSmall, Decide(ten with { MinCartTotal = 100.01m }).Reason);
    }

    [Fact]
    public void Limits_that_are_not_reached_refuse_nothing() =>
        Assert.True(Decide(ten with { ValidFrom = now, MaxUses = 3, UsageCount = 2, MaxUsesPerUser = 2, MinCartTotal = 100 }, uses: 1).IsValid);

    static Decision Decide(Promotion? promotion, decimal total = 100, int uses = 0) => Discount.Decide(promotion, new Cart(total, []), uses, now);

    static decimal Number(string text) => decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
