namespace Rosa.Host.Demo;

/// <summary>The states of an order, in the order they are reached; named as the API's, which are in capitals.</summary>
enum DemoOrderStatus { Pending, PaymentProcessing, Confirmed, Processing, Shipped, Delivered, Cancelled }

/// <summary>A line of a past order, at the price of the catalog.</summary>
sealed record DemoOrderLine(DemoProduct Product, int Quantity)
{
    public decimal UnitPrice => Product.Price;
    public decimal Total => UnitPrice * Quantity;
}

/// <summary>When an order entered a state.</summary>
sealed record DemoOrderStep(DemoOrderStatus Status, DateTimeOffset At);

/// <summary>A past order, with its whole history so that it can be loaded as events.</summary>
/// <param name="History">From <see cref="DemoOrderStatus.Pending"/> to the present state, times rising, none after now.</param>
sealed record DemoOrder(
    Guid OrderId, DemoCustomer Customer, IReadOnlyList<DemoOrderLine> Lines, string? PromoCode, decimal Discount, IReadOnlyList<DemoOrderStep> History)
{
    public DemoOrderStatus Status => History[^1].Status;
    public DateTimeOffset PlacedAt => History[0].At;
    public decimal TotalAmount => Lines.Sum(line => line.Total);
    public decimal FinalAmount => TotalAmount - Discount;
}
