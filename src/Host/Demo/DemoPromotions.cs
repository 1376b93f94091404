namespace Rosa.Host.Demo;

/// <summary>A promotion as Promotions knows them: either a percentage or an amount in EUR.</summary>
/// <param name="Category">Only lines within this category count; null for the whole cart.</param>
/// <param name="Automatic">Applies without being typed in.</param>
sealed record DemoPromotion(
    string Code, int? DiscountPercentage, decimal? DiscountAmount, DateTimeOffset ValidFrom, DateTimeOffset ValidUntil,
    int? MaxUses = null, int? MaxUsesPerUser = null, decimal? MinCartTotal = null, string? Category = null, bool Automatic = false)
{
    /// <summary>What it takes off these lines, rounded once; nothing when it does not apply.</summary>
    public decimal Discount(IReadOnlyList<DemoOrderLine> lines, DateTimeOffset at)
    {
        if (at < ValidFrom || at >= ValidUntil || lines.Sum(line => line.Total) < (MinCartTotal ?? 0)) return 0;

        var counted = lines.Where(line => Category is null || DemoCatalog.IsWithin(line.Product.CategorySlug, Category)).Sum(line => line.Total);
        var discount = DiscountPercentage is { } percentage ? counted * percentage / 100 : DiscountAmount ?? 0;
        return Math.Round(Math.Min(discount, counted), 2, MidpointRounding.AwayFromZero);
    }
}

/// <summary>The promotions, one for each rule a shop can set.</summary>
static class DemoPromotions
{
    public const string Welcome = "BIENVENUE10";
    public const string FiveOff = "ROSA5";
    public const string Christmas = "NOEL20";
    public const string Dogs = "CHIEN15";
    public const string Expired = "PRINTEMPS15";
    public const string NotStarted = "GALETTE12";
    public const string OncePerCustomer = "MERCI8";
    public const string Automatic = "SEMAINE-OISEAUX";

    public static IReadOnlyList<DemoPromotion> For(DateTimeOffset now) =>
    [
        new(Welcome, 10, null, now.AddDays(-120), now.AddDays(365)),
        new(FiveOff, null, 5.00m, now.AddDays(-120), now.AddDays(180), MinCartTotal: 30.00m),
        new(Christmas, 20, null, now.AddDays(-60), now.AddDays(60), MaxUses: 100),
        new(Dogs, 15, null, now.AddDays(-90), now.AddDays(90), Category: "dog"),
        new(Expired, 15, null, now.AddDays(-120), now.AddDays(-30)),
        new(NotStarted, 12, null, now.AddDays(30), now.AddDays(60)),
        new(OncePerCustomer, 8, null, now.AddDays(-120), now.AddDays(120), MaxUsesPerUser: 1),
        // It starts after the last of the past orders, which were paid at the full price.
        new(Automatic, 10, null, now.AddHours(-1), now.AddDays(14), Category: "bird-toys", Automatic: true),
    ];
}
