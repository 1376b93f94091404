namespace Rosa.Promotions;

/// <param name="Categories">The line's category and those above it; empty when it has none.</param>
readonly record struct CartLine(string[] Categories, decimal Total);

/// <summary>What a code is held against.</summary>
/// <param name="Total">All lines together.</param>
/// <param name="Lines">Needed for codes bound to a category.</param>
readonly record struct Cart(decimal Total, IReadOnlyList<CartLine> Lines);

/// <summary>A discount, or the reason why there is none.</summary>
readonly record struct Decision(decimal Discount, string? Reason)
{
    public bool IsValid => Reason is null;

    public static implicit operator Decision(string reason) => new(0, reason);
}

/// <summary>The rules of promotions.</summary>
static class Discount
{
    public const string Unknown = "CODE_UNKNOWN", NotStarted = "CODE_NOT_STARTED", Expired = "CODE_EXPIRED", Exhausted = "CODE_EXHAUSTED",
        AlreadyUsed = "ALREADY_USED", CartTooSmall = "CART_TOO_SMALL", Released = "RELEASED";

    /// <param name="promotion">Null when there is no such code.</param>
    /// <param name="usesByCustomer">How often this customer has used the code; 0 for a guest.</param>
    public static Decision Decide(Promotion? promotion, Cart cart, int usesByCustomer, DateTimeOffset now)
    {
        // An automatic discount is in the prices already; typed as a code it would be taken off twice.
        if (promotion is null or { Automatic: true }) return Unknown;
        if (now < promotion.ValidFrom) return NotStarted;
        if (now >= promotion.ValidUntil) return Expired;
        if (promotion.UsageCount >= promotion.MaxUses) return Exhausted;
        if (usesByCustomer >= promotion.MaxUsesPerUser) return AlreadyUsed;
        if (cart.Total < promotion.MinCartTotal) return CartTooSmall;

        var discounted = promotion.Category is null ? cart.Total : Math.Min(cart.Total, TotalWithin(promotion.Category, cart.Lines));
        if (promotion.Category is not null && discounted == 0) return CartTooSmall;
        return new Decision(Of(promotion, discounted), Reason: null);
    }

    /// <summary>Rounded once an order, half away from zero: the customer checks the total.</summary>
    static decimal Of(Promotion promotion, decimal total) => promotion.DiscountPercentage is { } percentage
        ? Math.Round(total * percentage / 100, 2, MidpointRounding.AwayFromZero)
        : Math.Min(promotion.DiscountAmount!.Value, total);

    static decimal TotalWithin(string category, IReadOnlyList<CartLine> lines)
    {
        decimal total = 0;
        foreach (var line in lines)
        {
            if (line.Categories.Contains(category)) total += line.Total;
        }
        return total;
    }
}
