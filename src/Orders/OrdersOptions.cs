namespace Rosa.Orders;

/// <summary>The settings of the section <c>Orders</c>.</summary>
public sealed record OrdersOptions
{
    /// <summary>The shop's currency, ISO 4217. Default EUR.</summary>
    public string Currency { get; init; } = "EUR";

    /// <summary>How long <c>POST /api/orders</c> waits for the payment before it answers <c>PAYMENT_PROCESSING</c>. Default 5 seconds.</summary>
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a saga belongs to the process that runs it; a dead one's is taken up after this. Default 15 seconds.</summary>
    public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long a payment may stay undecided before the order is cancelled; longer where the provider says later. Default 90 seconds.</summary>
    public TimeSpan PaymentWindow { get; init; } = TimeSpan.FromSeconds(90);

    /// <summary>How long stock is held for an order that is being paid. Default 15 minutes.</summary>
    public TimeSpan ReservationTime { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>How long a cart that nobody touches is kept. Default 30 days.</summary>
    public TimeSpan CartLifetime { get; init; } = TimeSpan.FromDays(30);

    /// <summary>Who sells, as invoices print it.</summary>
    public Seller Seller { get; init; } = new();

    /// <summary>How often orders, stock, promo uses and money are compared. Default 5 minutes.</summary>
    public TimeSpan ReconcileEvery { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How far back that looks. Default 1 day.</summary>
    public TimeSpan ReconcileOver { get; init; } = TimeSpan.FromDays(1);

    /// <summary>Younger orders are left alone: they are on their way. Default 3 minutes.</summary>
    public TimeSpan ReconcileAfter { get; init; } = TimeSpan.FromMinutes(3);
}
