namespace Rosa.Contracts.Orders;

/// <summary>A line of an order, at the price of the moment of ordering.</summary>
public sealed record OrderedItem(Guid ProductId, string Title, decimal Price, int Quantity, decimal LineTotal)
{
    /// <summary>The category's slug at the moment of ordering; promo codes may be bound to one.</summary>
    public string? Category { get; init; }
}

/// <summary>Where a parcel goes.</summary>
/// <param name="Country">ISO 3166 alpha-2.</param>
public sealed record ShippingAddress(string Name, string Line1, string? Line2, string PostalCode, string City, string Country);

/// <summary>An order is confirmed: paid, stock committed.</summary>
/// <param name="Discount">What the promo code took off.</param>
/// <param name="FinalAmount">What was paid.</param>
public sealed record OrderCreated(
    Guid OrderId, Guid UserId, IReadOnlyList<OrderedItem> Items, decimal TotalAmount, decimal Discount, decimal FinalAmount,
    string Currency, ShippingAddress ShippingAddress, DateTimeOffset ConfirmedAt) : IEvent
{
    public static EventType Type { get; } = new("orders", "OrderCreated");
    public string Subject => OrderId.ToString();
}

/// <summary>An order ended without a delivery.</summary>
/// <param name="RefundAmount">What goes back to the customer; 0 when nothing was taken.</param>
public sealed record OrderCancelled(Guid OrderId, Guid UserId, string Reason, decimal RefundAmount, DateTimeOffset CancelledAt) : IEvent
{
    public static EventType Type { get; } = new("orders", "OrderCancelled");
    public string Subject => OrderId.ToString();
}

/// <summary>The shop is packing the order.</summary>
public sealed record OrderProcessing(Guid OrderId, Guid UserId, DateTimeOffset At) : IEvent
{
    public static EventType Type { get; } = new("orders", "OrderProcessing");
    public string Subject => OrderId.ToString();
}

/// <summary>The parcel is on its way.</summary>
public sealed record OrderShipped(Guid OrderId, Guid UserId, string Carrier, string TrackingNumber, DateTimeOffset At) : IEvent
{
    public static EventType Type { get; } = new("orders", "OrderShipped");
    public string Subject => OrderId.ToString();
}

/// <summary>The parcel has arrived.</summary>
public sealed record OrderDelivered(Guid OrderId, Guid UserId, DateTimeOffset At) : IEvent
{
    public static EventType Type { get; } = new("orders", "OrderDelivered");
    public string Subject => OrderId.ToString();
}

/// <summary>Orders, money, stock or promo uses did not agree. Told once for each disagreement, by the reconciliation that found it first.</summary>
public sealed record ReconciliationFound(Guid RunId, IReadOnlyList<ReconciliationFinding> Findings, DateTimeOffset At) : IEvent
{
    public static EventType Type { get; } = new("orders", "ReconciliationFound");
    public string Subject => RunId.ToString();
}

/// <param name="Code">What kind of disagreement; stable, upper case.</param>
/// <param name="Subject">The order, product, promo code or payment.</param>
/// <param name="Mended">False: a person has to look.</param>
public sealed record ReconciliationFinding(string Code, string Subject, string Detail, bool Mended);
