using System.Globalization;
using Rosa.Contracts.Reconciliation;

namespace Rosa.Orders;

/// <summary>What all services hold for one order, side by side.</summary>
/// <param name="Order">Null when there is no such order.</param>
/// <param name="SagaIsOpen">Somebody is at it, or will be.</param>
/// <param name="ViewAgrees">Whether what customers read is what the events make of it.</param>
public sealed record OrderBooks(Guid OrderId, Order? Order, bool SagaIsOpen, bool ViewAgrees, HeldForOrder? Stock, HeldForOrder? Promo, HeldForOrder? Payment);

/// <summary>What may be done about a disagreement without asking anybody.</summary>
public enum Mending { None, ContinueSaga, RewriteView, CommitStock, ReleaseStock, ReleasePromo, VoidPayment, GiveBack }

public sealed record Disagreement(string Code, string Detail, Mending Mending);

/// <summary>
/// Orders, stock, promo uses and money compared, as pure rules. Whatever is held for an order that did not become a sale goes back by itself; whatever a
/// sale lacks is reported, for it cannot be taken from somebody afterwards.
/// </summary>
public static class Reconciliation
{
    public static IEnumerable<Disagreement> Judge(OrderBooks books)
    {
        if (books.SagaIsOpen) return [];
        if (books.Order is { } order && Checkout.Next(order) is { } step)
            return [new("SAGA_FORGOTTEN", $"The order stands before {step} and nobody is at it.", Mending.ContinueSaga)];

        var isSale = books.Order is { EndedWithoutSale: false };
        return [.. View(books), .. isSale ? Sold(books.Order!, books) : NotSold(books)];
    }

    static IEnumerable<Disagreement> View(OrderBooks books)
    {
        if (!books.ViewAgrees) yield return new("VIEW", "What customers read is not what happened.", Mending.RewriteView);
    }

    static IEnumerable<Disagreement> Sold(Order order, OrderBooks books)
    {
        if (books.Stock?.State == "HELD") yield return new("STOCK_NOT_COMMITTED", "It is sold, and its stock is only held.", Mending.CommitStock);
        else if (books.Stock?.State != "COMMITTED") yield return new("SOLD_WITHOUT_STOCK", $"It is sold, and its stock is {books.Stock?.State ?? "unknown"}.", Mending.None);

        var paid = books.Payment?.Amount ?? 0;
        if (paid != order.FinalAmount)
            yield return new(paid < order.FinalAmount ? "UNDERPAID" : "OVERPAID",
                string.Create(CultureInfo.InvariantCulture, $"It costs {order.FinalAmount}, and {paid} was taken ({books.Payment?.State ?? "no payment"})."), Mending.None);

        if (order.PromoCode is not null && books.Promo?.State != "REDEEMED") yield return new("PROMO_USE_LOST", $"It had {order.PromoCode}, and the use is not counted.", Mending.None);
        if (order.PromoCode is null && books.Promo?.State == "REDEEMED") yield return new("PROMO_USE_UNKNOWN", "A promo use counts that it did not have.", Mending.ReleasePromo);
    }

    static IEnumerable<Disagreement> NotSold(OrderBooks books)
    {
        var what = books.Order is null ? "There is no such order" : $"It is {books.Order.Status.OnTheWire()}";
        if (books.Payment is { Amount: > 0 } kept)
            yield return new("MONEY_KEPT", string.Create(CultureInfo.InvariantCulture, $"{what}, and {kept.Amount} is kept for it."), Mending.GiveBack);
        if (books.Payment?.State == "PENDING") yield return new("PAYMENT_LEFT_OPEN", $"{what}, and its payment is open.", Mending.VoidPayment);
        if (books.Stock?.State is "HELD" or "COMMITTED") yield return new("STOCK_KEPT", $"{what}, and its stock is {books.Stock.State}.", Mending.ReleaseStock);
        if (books.Promo?.State == "REDEEMED") yield return new("PROMO_USE_KEPT", $"{what}, and its promo use counts.", Mending.ReleasePromo);
    }
}
