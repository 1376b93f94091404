using Rosa.Contracts.Orders;
using Rosa.Contracts.Reconciliation;

namespace Rosa.Orders.Tests;

public sealed class ReconciliationTests
{
    static readonly Guid id = Guid.CreateVersion7();
    static readonly DateTimeOffset now = new(2026, 1, 2, 3, 4, 5, TimeSpan.Zero);
    static readonly OrderEvent.Placed placed = new(
        Guid.CreateVersion7(), [new OrderedItem(Guid.CreateVersion7(), "Bone", 10, 2, 20)], 20, "EUR", PromoCode: "TEN", new ShippingAddress("A", "B", null, "1", "C", "FR"), "card");

    static readonly Order sold = From(
        placed, new OrderEvent.StockReserved(), new OrderEvent.PromoRedeemed(2), new OrderEvent.PaymentRequested(18), new OrderEvent.PaymentCaptured(id), new OrderEvent.StockCommitted(), new OrderEvent.Confirmed());

    static readonly Order cancelled = From(
        placed, new OrderEvent.StockReserved(), new OrderEvent.PromoRedeemed(2), new OrderEvent.PaymentRequested(18), new OrderEvent.PaymentDeclined("no"),
        new OrderEvent.Cancelled("PAYMENT_DECLINED", "no"), new OrderEvent.StockReleased(), new OrderEvent.PromoReleased());

    static Order From(params OrderEvent[] events) => events.Aggregate(new Order(id), (order, happened) => Order.Evolve(order, happened, now));

    static HeldForOrder Held(string state, decimal amount = 0) => new(id, state, amount, id);

    static OrderBooks Books(Order? order, string? stock, string? promo, string? payment, decimal paid = 0) => new(
        id, order, SagaIsOpen: false, ViewAgrees: true, stock is null ? null : Held(stock, 2), promo is null ? null : Held(promo, 2), payment is null ? null : Held(payment, paid));

    static (string, Mending)[] Judged(OrderBooks books) => [.. Reconciliation.Judge(books).Select(found => (found.Code, found.Mending))];

    [Fact]
    public void Books_that_agree_are_left_alone()
    {
        Assert.Empty(Judged(Books(sold, "COMMITTED", "REDEEMED", "CAPTURED", 18)));
        Assert.Empty(Judged(Books(cancelled, "RELEASED", "RELEASED", "DECLINED")));
        Assert.Empty(Judged(Books(cancelled, "EXPIRED", null, null)));
        Assert.Empty(Judged(Books(null, "EXPIRED", "RELEASED", "VOIDED")));
    }

    [Fact]
    public void What_is_under_way_is_left_alone() =>
        Assert.Empty(Judged(Books(From(placed), "HELD", "REDEEMED", "CAPTURED", 18) with { SagaIsOpen = true }));

    [Fact]
    public void A_saga_that_nobody_runs_is_taken_up() =>
        Assert.Equal([("SAGA_FORGOTTEN", Mending.ContinueSaga)], Judged(Books(From(placed), null, null, null)));

    [Fact]
    public void What_a_sale_lacks_is_reported_and_what_can_be_finished_is()
    {
        Assert.Equal([("STOCK_NOT_COMMITTED", Mending.CommitStock)], Judged(Books(sold, "HELD", "REDEEMED", "CAPTURED", 18)));
        Assert.Equal([("SOLD_WITHOUT_STOCK", Mending.None)], Judged(Books(sold, "RELEASED", "REDEEMED", "CAPTURED", 18)));
        Assert.Equal([("SOLD_WITHOUT_STOCK", Mending.None)], Judged(Books(sold, null, "REDEEMED", "CAPTURED", 18)));
        Assert.Equal([("UNDERPAID", Mending.None)], Judged(Books(sold, "COMMITTED", "REDEEMED", "DECLINED")));
        Assert.Equal([("UNDERPAID", Mending.None)], Judged(Books(sold, "COMMITTED", "REDEEMED", null)));
        Assert.Equal([("OVERPAID", Mending.None)], Judged(Books(sold, "COMMITTED", "REDEEMED", "CAPTURED", 36)));
        Assert.Equal([("PROMO_USE_LOST", Mending.None)], Judged(Books(sold, "COMMITTED", "RELEASED", "CAPTURED", 18)));
    }

    [Fact]
    public void What_is_kept_without_a_sale_goes_back()
    {
        Assert.Equal([("MONEY_KEPT", Mending.GiveBack)], Judged(Books(cancelled, "RELEASED", "RELEASED", "CAPTURED", 18)));
        Assert.Equal([("PAYMENT_LEFT_OPEN", Mending.VoidPayment)], Judged(Books(cancelled, "RELEASED", "RELEASED", "PENDING")));
        Assert.Equal([("STOCK_KEPT", Mending.ReleaseStock)], Judged(Books(cancelled, "COMMITTED", "RELEASED", "DECLINED")));
        Assert.Equal([("PROMO_USE_KEPT", Mending.ReleasePromo)], Judged(Books(cancelled, "RELEASED", "REDEEMED", "DECLINED")));
        Assert.Equal(
            [("MONEY_KEPT", Mending.GiveBack), ("STOCK_KEPT", Mending.ReleaseStock), ("PROMO_USE_KEPT", Mending.ReleasePromo)],
            Judged(Books(null, "HELD", "REDEEMED", "CAPTURED", 5)));
    }

    [Fact]
    public void A_view_that_tells_another_story_is_written_anew() =>
        Assert.Equal([("VIEW", Mending.RewriteView)], Judged(Books(sold, "COMMITTED", "REDEEMED", "CAPTURED", 18) with { ViewAgrees = false }));
}
