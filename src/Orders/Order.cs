using Rosa.Contracts.Orders;
using Rosa.Platform.Problems;

namespace Rosa.Orders;

/// <summary>Everything that can happen to an order. Stored by name; members are only ever added.</summary>
public abstract record OrderEvent
{
    OrderEvent() { }

    /// <summary>Somebody wants this, at these prices. Nothing is held yet, and nobody sees the order.</summary>
    public sealed record Placed(
        Guid UserId, IReadOnlyList<OrderedItem> Items, decimal TotalAmount, string Currency, string? PromoCode, ShippingAddress ShippingAddress, string Method) : OrderEvent;

    /// <summary>Another run of the saga took over: what the one before did after its last event is not known.</summary>
    public sealed record CheckoutResumed : OrderEvent;

    /// <summary>Stock was asked for and the answer did not come.</summary>
    public sealed record StockAsked : OrderEvent;

    public sealed record StockReserved : OrderEvent;

    /// <summary>A promo use was asked for and the answer did not come.</summary>
    public sealed record PromoAsked : OrderEvent;

    public sealed record PromoRedeemed(decimal Discount) : OrderEvent;
    public sealed record PaymentRequested(decimal Amount) : OrderEvent;
    public sealed record PaymentCaptured(Guid? TransactionId) : OrderEvent;
    public sealed record PaymentDeclined(string Reason) : OrderEvent;
    public sealed record PaymentFailed(string Reason) : OrderEvent;

    /// <summary>The reservation ran out before it was committed; it must be made again.</summary>
    public sealed record ReservationLost : OrderEvent;

    public sealed record StockCommitted : OrderEvent;
    public sealed record Confirmed : OrderEvent;

    /// <summary>Refused before it became an order: it leaves no trace that a customer could see.</summary>
    public sealed record Rejected(string Code, string Reason) : OrderEvent;

    public sealed record Cancelled(string Code, string Reason) : OrderEvent;
    public sealed record PaymentVoided : OrderEvent;
    public sealed record PaymentRefunded(decimal Amount) : OrderEvent;
    public sealed record StockReleased : OrderEvent;
    public sealed record PromoReleased : OrderEvent;
    public sealed record ProcessingStarted : OrderEvent;
    public sealed record Shipped(string Carrier, string TrackingNumber) : OrderEvent;
    public sealed record Delivered : OrderEvent;
}

/// <summary>The statuses of the wire.</summary>
public enum OrderStatus { Pending, PaymentProcessing, Confirmed, Processing, Shipped, Delivered, Cancelled, Rejected }

/// <summary>Stock as this order knows it. Unknown: asked for by a run that may have died.</summary>
public enum StockState { None, Unknown, Held, Sold, Released }

/// <summary>The promo use as this order knows it.</summary>
public enum PromoState { None, Unknown, Redeemed, Released }

/// <summary>The money as this order knows it. Unknown: asked for, and no answer known.</summary>
public enum PaymentState { None, Unknown, Captured, Declined, Refunded }

/// <summary>When the customer sees a status.</summary>
public sealed record StatusChange(OrderStatus Status, DateTimeOffset At);

/// <summary>
/// An order, rebuilt from its events.
/// </summary>
/// <remarks>
/// <code>
/// Pending → PaymentProcessing → Confirmed → Processing → Shipped → Delivered
///    │            │                 │            │
///    │            └─────────────────┴────────────┴──→ Cancelled   (stock, promo use and money go back)
///    └──→ Rejected                                                (never was an order: short stock, bad code)
/// </code>
/// </remarks>
public sealed record Order(Guid OrderId)
{
    /// <summary>The number of events it was rebuilt from; the next one gets <c>Version + 1</c>.</summary>
    public int Version { get; init; }

    public Guid UserId { get; init; }
    public OrderStatus Status { get; init; }
    public IReadOnlyList<OrderedItem> Items { get; init; } = [];
    public decimal TotalAmount { get; init; }
    public decimal Discount { get; init; }
    public decimal FinalAmount => TotalAmount - Discount;
    public string Currency { get; init; } = "EUR";
    public string? PromoCode { get; init; }
    public ShippingAddress? ShippingAddress { get; init; }
    public string? Carrier { get; init; }
    public string? TrackingNumber { get; init; }
    public StockState Stock { get; init; }
    public PromoState Promo { get; init; }
    public PaymentState Payment { get; init; }
    public Guid? TransactionId { get; init; }
    public DateTimeOffset PlacedAt { get; init; }
    public DateTimeOffset? PaymentRequestedAt { get; init; }

    /// <summary>Why it was rejected or cancelled: a stable code, and a sentence.</summary>
    public string? EndCode { get; init; }
    public string? EndReason { get; init; }

    public IReadOnlyList<StatusChange> History { get; init; } = [];

    public bool IsPlaced => Version > 0;

    /// <summary>On its way to being confirmed.</summary>
    public bool IsOpen => IsPlaced && Status is OrderStatus.Pending or OrderStatus.PaymentProcessing;

    public bool EndedWithoutSale => Status is OrderStatus.Cancelled or OrderStatus.Rejected;

    /// <summary>A customer sees an order from the moment its payment is asked for.</summary>
    public bool IsVisible => Status is not (OrderStatus.Pending or OrderStatus.Rejected);

    /// <summary>What the customer gets back when it is cancelled now.</summary>
    public decimal RefundAmount => Payment is PaymentState.Captured or PaymentState.Refunded && TransactionId is not null ? FinalAmount : 0;

    public static Order Evolve(Order order, OrderEvent happened, DateTimeOffset at) => Apply(order, happened, at) with { Version = order.Version + 1 };

    static Order Apply(Order order, OrderEvent happened, DateTimeOffset at) => happened switch
    {
        OrderEvent.Placed e => order with
        {
            UserId = e.UserId,
            Items = e.Items,
            TotalAmount = e.TotalAmount,
            Currency = e.Currency,
            PromoCode = e.PromoCode,
            ShippingAddress = e.ShippingAddress,
            PlacedAt = at,
            History = [new StatusChange(OrderStatus.Pending, at)],
        },
        OrderEvent.CheckoutResumed => order with
        {
            Stock = order.Stock == StockState.None ? StockState.Unknown : order.Stock,
            Promo = order.Promo == PromoState.None && order.PromoCode is not null ? PromoState.Unknown : order.Promo,
            Payment = order.Payment == PaymentState.None ? PaymentState.Unknown : order.Payment,
        },
        OrderEvent.StockAsked => order with { Stock = StockState.Unknown },
        OrderEvent.PromoAsked => order with { Promo = PromoState.Unknown },
        OrderEvent.StockReserved => order with { Stock = StockState.Held },
        OrderEvent.ReservationLost => order with { Stock = StockState.None },
        OrderEvent.PromoRedeemed e => order with { Promo = PromoState.Redeemed, Discount = e.Discount },
        OrderEvent.PaymentRequested => order.To(OrderStatus.PaymentProcessing, at) with { Payment = PaymentState.Unknown, PaymentRequestedAt = at },
        OrderEvent.PaymentCaptured e => order with { Payment = PaymentState.Captured, TransactionId = e.TransactionId },
        OrderEvent.PaymentDeclined => order with { Payment = PaymentState.Declined },
        OrderEvent.PaymentFailed => order with { Payment = PaymentState.Declined },
        OrderEvent.PaymentVoided => order with { Payment = PaymentState.Declined },
        OrderEvent.PaymentRefunded => order with { Payment = PaymentState.Refunded },
        OrderEvent.StockCommitted => order with { Stock = StockState.Sold },
        OrderEvent.StockReleased => order with { Stock = StockState.Released },
        OrderEvent.PromoReleased => order with { Promo = PromoState.Released },
        OrderEvent.Confirmed => order.To(OrderStatus.Confirmed, at),
        OrderEvent.Rejected e => order with { Status = OrderStatus.Rejected, EndCode = e.Code, EndReason = e.Reason },
        OrderEvent.Cancelled e => order.To(OrderStatus.Cancelled, at) with { EndCode = e.Code, EndReason = e.Reason },
        OrderEvent.ProcessingStarted => order.To(OrderStatus.Processing, at),
        OrderEvent.Shipped e => order.To(OrderStatus.Shipped, at) with { Carrier = e.Carrier, TrackingNumber = e.TrackingNumber },
        OrderEvent.Delivered => order.To(OrderStatus.Delivered, at),
        _ => throw new System.Diagnostics.UnreachableException($"{happened.GetType().Name} is no event of an order."),
    };

    Order To(OrderStatus status, DateTimeOffset at) => this with { Status = status, History = [.. History, new StatusChange(status, at)] };

    /// <summary>What people ask of an order. What the saga does is decided by <see cref="Checkout"/>.</summary>
    public static Decision Decide(Order order, OrderCommand command) => (order.Status, command) switch
    {
        (_, _) when !order.IsVisible => Problem.NotFound("order"),
        (OrderStatus.Cancelled, _) => OrderProblems.AlreadyCancelled,
        (OrderStatus.PaymentProcessing or OrderStatus.Confirmed or OrderStatus.Processing, OrderCommand.Cancel cancel) =>
            new OrderEvent.Cancelled(OrderEndCodes.OnRequest, cancel.Reason),
        (OrderStatus.Shipped or OrderStatus.Delivered, OrderCommand.Cancel) => OrderProblems.AlreadyShipped,
        (OrderStatus.Confirmed, OrderCommand.StartProcessing) => new OrderEvent.ProcessingStarted(),
        (OrderStatus.Processing, OrderCommand.Ship ship) => new OrderEvent.Shipped(ship.Carrier, ship.TrackingNumber),
        (OrderStatus.Shipped, OrderCommand.Deliver) => new OrderEvent.Delivered(),
        _ => OrderProblems.OutOfOrder(order.Status),
    };
}

public abstract record OrderCommand
{
    OrderCommand() { }

    public sealed record Cancel(string Reason) : OrderCommand;
    public sealed record StartProcessing : OrderCommand;
    public sealed record Ship(string Carrier, string TrackingNumber) : OrderCommand;
    public sealed record Deliver : OrderCommand;
}

/// <summary>Either the event that follows from a command, or why it is refused.</summary>
public readonly record struct Decision(OrderEvent? Event, Problem? Problem)
{
    public static implicit operator Decision(OrderEvent happened) => new(happened, null);
    public static implicit operator Decision(Problem problem) => new(null, problem);
}

/// <summary>Why an order ended without a sale.</summary>
static class OrderEndCodes
{
    public const string OnRequest = "CANCELLED_ON_REQUEST";
    public const string InsufficientStock = "INSUFFICIENT_STOCK";
    public const string PromoInvalid = "PROMO_INVALID";
    public const string PaymentDeclined = "PAYMENT_DECLINED";
    public const string PaymentUnavailable = "PAYMENT_UNAVAILABLE";
    public const string Unavailable = "UNAVAILABLE";
}

static class OrderProblems
{
    public static readonly Problem AlreadyCancelled = new(ProblemKind.Conflict, "ORDER_ALREADY_CANCELLED", "The order is already cancelled.");
    public static readonly Problem AlreadyShipped = new(ProblemKind.Conflict, "ORDER_ALREADY_SHIPPED", "A shipped order is returned, not cancelled.");

    public static Problem OutOfOrder(OrderStatus status) =>
        new(ProblemKind.Conflict, "ORDER_STATUS_CONFLICT", $"This cannot be done while the order is {status.OnTheWire()}.");
}

static class OrderStatusNames
{
    public static string OnTheWire(this OrderStatus status) => status switch
    {
        OrderStatus.PaymentProcessing => "PAYMENT_PROCESSING",
        _ => status.ToString().ToUpperInvariant(),
    };

    public static string PaymentStatus(this Order order) => order.Payment switch
    {
        PaymentState.Captured => "PAID",
        PaymentState.Declined => "DECLINED",
        PaymentState.Refunded => "REFUNDED",
        _ => "PENDING",
    };
}
