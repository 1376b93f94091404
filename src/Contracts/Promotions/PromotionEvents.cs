namespace Rosa.Contracts.Promotions;

/// <summary>An employee created a promotion.</summary>
/// <param name="Automatic">True when it applies without a code.</param>
public sealed record PromoCreated(
    string Code, decimal? DiscountPercentage, decimal? DiscountAmount, DateTimeOffset ValidFrom, DateTimeOffset ValidUntil, bool Automatic) : IEvent
{
    public static EventType Type { get; } = new("promotions", "PromoCreated");
    public string Subject => Code;
}

/// <summary>A code was used for an order.</summary>
public sealed record PromoRedeemed(string Code, Guid OrderId, Guid UserId, decimal Discount, DateTimeOffset At) : IEvent
{
    public static EventType Type { get; } = new("promotions", "PromoRedeemed");
    public string Subject => Code;
}
