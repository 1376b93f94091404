using Rosa.Contracts.Orders;

namespace Rosa.Orders;

/// <summary>An order as its customer and the employees read it.</summary>
/// <param name="Status"><c>PENDING</c>, <c>PAYMENT_PROCESSING</c>, <c>CONFIRMED</c>, <c>PROCESSING</c>, <c>SHIPPED</c>, <c>DELIVERED</c>, <c>CANCELLED</c>.</param>
/// <param name="TotalAmount">All lines, at the prices of the moment of ordering.</param>
/// <param name="Discount">What the promo code took off.</param>
/// <param name="PaymentStatus"><c>PENDING</c>, <c>PAID</c>, <c>DECLINED</c>, <c>REFUNDED</c>.</param>
public sealed record OrderDocument(
    Guid OrderId, Guid UserId, string Status, IReadOnlyList<OrderedItem> Items, decimal TotalAmount, decimal Discount, decimal FinalAmount,
    string Currency, string? PromoCode, string PaymentStatus, OrderShipping Shipping, IReadOnlyList<OrderHistoryEntry> History, DateTimeOffset PlacedAt,
    string? CancelReason)
{
    public static OrderDocument From(Order order) => new(
        order.OrderId, order.UserId, order.Status.OnTheWire(), order.Items, order.TotalAmount, order.Discount, order.FinalAmount,
        order.Currency, order.PromoCode, order.PaymentStatus(), new OrderShipping(order.ShippingAddress!, order.Carrier, order.TrackingNumber),
        [.. order.History.Select(change => new OrderHistoryEntry(change.Status.OnTheWire(), change.At))], order.PlacedAt,
        order.Status == OrderStatus.Cancelled ? order.EndReason : null);
}

public sealed record OrderShipping(ShippingAddress Address, string? Carrier, string? TrackingNumber);

public sealed record OrderHistoryEntry(string Status, DateTimeOffset At);
