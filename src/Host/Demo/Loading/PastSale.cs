using System.Diagnostics;
using Rosa.Contracts.Orders;
using Rosa.Orders;

namespace Rosa.Host.Demo;

/// <summary>A past order of the demo shop as the services remember it: what happened, by the rules of Orders itself.</summary>
sealed record PastSale(DemoOrder Bought, Guid PaymentId, Guid RefundId)
{
    public const string Currency = "EUR";

    public static IReadOnlyList<PastSale> Of(DemoShop shop, DemoSeed seed) =>
        [.. shop.Orders.Select((order, index) => new PastSale(order, seed.Id("payment", index), seed.Id("refund", index)))];

    public Guid OrderId => Bought.OrderId;
    public Guid CustomerId => Bought.Customer.CustomerId;
    public DateTimeOffset PaymentAskedAt => At(DemoOrderStatus.PaymentProcessing) ?? throw NotPaid();
    public DateTimeOffset ConfirmedAt => At(DemoOrderStatus.Confirmed) ?? throw NotPaid();
    public DateTimeOffset? CancelledAt => At(DemoOrderStatus.Cancelled);

    DateTimeOffset? At(DemoOrderStatus status) => Bought.History.FirstOrDefault(step => step.Status == status)?.At;

    UnreachableException NotPaid() => new($"The demo order {OrderId} is not paid yet, but it is one of the past.");

    public IReadOnlyList<OrderedItem> Items =>
        [.. Bought.Lines.Select(line => new OrderedItem(line.Product.ProductId, line.Product.French.Title, line.UnitPrice, line.Quantity, line.Total) { Category = line.Product.CategorySlug })];

    ShippingAddress Address
    {
        get
        {
            var at = Bought.Customer.Address;
            return new ShippingAddress(at.Name, at.Line1, at.Line2, at.PostalCode, at.City, at.Country);
        }
    }

    public IReadOnlyList<RecordedEvent> Events => [.. Checkout().Concat(Afterwards())];

    IEnumerable<RecordedEvent> Checkout()
    {
        yield return new(new OrderEvent.Placed(CustomerId, Items, Bought.TotalAmount, Currency, Bought.PromoCode, Address, Method: "card"), Bought.PlacedAt);
        yield return new(new OrderEvent.StockReserved(), Bought.PlacedAt);
        if (Bought.PromoCode is not null) yield return new(new OrderEvent.PromoRedeemed(Bought.Discount), Bought.PlacedAt);
        yield return new(new OrderEvent.PaymentRequested(Bought.FinalAmount), PaymentAskedAt);
        yield return new(new OrderEvent.PaymentCaptured(PaymentId), ConfirmedAt);
        yield return new(new OrderEvent.StockCommitted(), ConfirmedAt);
        yield return new(new OrderEvent.Confirmed(), ConfirmedAt);
    }

    IEnumerable<RecordedEvent> Afterwards()
    {
        if (CancelledAt is { } cancelledAt)
        {
            yield return new(new OrderEvent.Cancelled(OrderEndCodes.OnRequest, "Je me suis trompé d'article."), cancelledAt);
            yield return new(new OrderEvent.PaymentRefunded(Bought.FinalAmount), cancelledAt);
            yield return new(new OrderEvent.StockReleased(), cancelledAt);
            if (Bought.PromoCode is not null) yield return new(new OrderEvent.PromoReleased(), cancelledAt);
        }
        if (At(DemoOrderStatus.Processing) is { } processingAt) yield return new(new OrderEvent.ProcessingStarted(), processingAt);
        if (At(DemoOrderStatus.Shipped) is { } shippedAt) yield return new(new OrderEvent.Shipped("Colis Exemple", $"EX{OrderId.ToString("N")[^12..].ToUpperInvariant()}"), shippedAt);
        if (At(DemoOrderStatus.Delivered) is { } deliveredAt) yield return new(new OrderEvent.Delivered(), deliveredAt);
    }
}
