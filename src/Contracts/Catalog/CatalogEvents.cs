namespace Rosa.Contracts.Catalog;

/// <summary>A product is for sale.</summary>
public sealed record ProductCreated(Guid ProductId, string Title, string Category, decimal Price, DateTimeOffset CreatedAt) : IEvent
{
    public static EventType Type { get; } = new("catalog", "ProductCreated");
    public string Subject => ProductId.ToString();
}

/// <summary>A product's texts, price, category or picture changed. Carries the whole new state.</summary>
public sealed record ProductChanged(Guid ProductId, string Title, string Category, decimal Price, DateTimeOffset ChangedAt) : IEvent
{
    public static EventType Type { get; } = new("catalog", "ProductChanged");
    public string Subject => ProductId.ToString();
}

/// <summary>A product was taken from sale.</summary>
public sealed record ProductWithdrawn(Guid ProductId, DateTimeOffset WithdrawnAt) : IEvent
{
    public static EventType Type { get; } = new("catalog", "ProductWithdrawn");
    public string Subject => ProductId.ToString();
}

/// <summary>
/// An employee changed the stock of a product, or orders took the last unit or gave the first one back. Other sales are not told one by one: live
/// stock is streamed by <c>WatchStock</c>.
/// </summary>
/// <param name="Reason">What the employee wrote, <c>sold out</c> or <c>back in stock</c>.</param>
public sealed record StockChanged(Guid ProductId, int Available, int Change, string Reason, DateTimeOffset ChangedAt) : IEvent
{
    public static EventType Type { get; } = new("catalog", "StockChanged");
    public string Subject => ProductId.ToString();
}

/// <summary>A product is running out: what can be bought fell to its threshold, or below. Told once each time that happens, not with every sale after it.</summary>
/// <param name="Title">In the shop's language.</param>
/// <param name="Available">What can be bought now.</param>
public sealed record StockLow(Guid ProductId, string Title, int Available, int Threshold, DateTimeOffset At) : IEvent
{
    public static EventType Type { get; } = new("catalog", "StockLow");
    public string Subject => ProductId.ToString();
}
