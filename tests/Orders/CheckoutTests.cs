using Rosa.Contracts.Orders;

namespace Rosa.Orders.Tests;

/// <summary>The saga, as pure rules: what is next, and what follows from what came of it.</summary>
public sealed class CheckoutTests
{
    static readonly DateTimeOffset noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    static readonly TimeSpan window = new OrdersOptions().PaymentWindow;

    static OrderEvent.Placed Placed(string? promoCode = null) => new(
        Guid.CreateVersion7(), [new OrderedItem(Guid.CreateVersion7(), "Rope", 10, 2, 20)], 20, "EUR", promoCode, new ShippingAddress("A", "B", null, "75000", "Paris", "FR"), "card");

    static Order Given(params OrderEvent[] events) => events.Aggregate(new Order(Guid.CreateVersion7()), (order, happened) => Order.Evolve(order, happened, noon));

    static Order After(Order order, CheckoutStep step, CheckoutOutcome outcome, DateTimeOffset? at = null) =>
        Checkout.React(order, step, outcome, at ?? noon, window).Aggregate(order, (state, happened) => Order.Evolve(state, happened, noon));

    [Fact]
    public void A_sale_reserves_redeems_charges_commits_and_confirms()
    {
        var steps = new List<CheckoutStep>();
        var order = Given(Placed("CODE"));
        while (Checkout.Next(order) is { } step)
        {
            steps.Add(step);
            if (Checkout.Before(order, step) is { } first) order = Order.Evolve(order, first, noon);
            order = After(order, step, step switch
            {
                CheckoutStep.Redeem => new CheckoutOutcome.Discounted(5),
                CheckoutStep.Charge => new CheckoutOutcome.Captured(Guid.CreateVersion7()),
                _ => new CheckoutOutcome.Done(),
            });
        }
        Assert.Equal([CheckoutStep.Reserve, CheckoutStep.Redeem, CheckoutStep.Charge, CheckoutStep.CommitStock, CheckoutStep.Confirm], steps);
        Assert.Equal((OrderStatus.Confirmed, 15m), (order.Status, order.FinalAmount));
    }

    [Fact]
    public void Short_stock_leaves_no_order()
    {
        var order = After(Given(Placed()), CheckoutStep.Reserve, new CheckoutOutcome.Short("[]"));
        Assert.Equal((OrderStatus.Rejected, false, (CheckoutStep?)null), (order.Status, order.IsVisible, Checkout.Next(order)));
    }

    [Fact]
    public void Short_stock_after_a_run_that_died_settles_the_payment_first()
    {
        var order = After(Given(Placed(), new OrderEvent.CheckoutResumed()), CheckoutStep.Reserve, new CheckoutOutcome.Short("[]"));
        Assert.Equal((OrderStatus.Cancelled, CheckoutStep.SettlePayment), (order.Status, Checkout.Next(order)));
    }

    [Fact]
    public void A_refused_code_gives_the_stock_back()
    {
        var order = After(Given(Placed("CODE"), new OrderEvent.StockReserved()), CheckoutStep.Redeem, new CheckoutOutcome.PromoRefused("CODE_EXPIRED"));
        Assert.Equal((OrderStatus.Rejected, CheckoutStep.ReleaseStock), (order.Status, Checkout.Next(order)));
    }

    [Fact]
    public void A_declined_card_cancels_and_takes_nothing()
    {
        var order = After(Given(Placed(), new OrderEvent.StockReserved(), new OrderEvent.PaymentRequested(20)), CheckoutStep.Charge, new CheckoutOutcome.Declined("no"));
        Assert.Equal((OrderStatus.Cancelled, CheckoutStep.ReleaseStock, 0m), (order.Status, Checkout.Next(order), order.RefundAmount));
    }

    [Fact]
    public void Payments_being_down_cancels_and_finds_out_what_became_of_the_money()
    {
        var order = After(Given(Placed(), new OrderEvent.StockReserved(), new OrderEvent.PaymentRequested(20)), CheckoutStep.Charge, new CheckoutOutcome.Unreachable("payments"));
        Assert.Equal((OrderStatus.Cancelled, CheckoutStep.SettlePayment), (order.Status, Checkout.Next(order)));

        order = After(order, CheckoutStep.SettlePayment, new CheckoutOutcome.Captured(Guid.CreateVersion7()));
        Assert.Equal(CheckoutStep.Refund, Checkout.Next(order));
    }

    [Fact]
    public void An_undecided_payment_is_waited_for_and_then_given_up()
    {
        var order = Given(Placed(), new OrderEvent.StockReserved(), new OrderEvent.PaymentRequested(20));
        Assert.Empty(Checkout.React(order, CheckoutStep.Charge, new CheckoutOutcome.Pending(), noon + TimeSpan.FromSeconds(80), window));
        Assert.Equal(OrderStatus.Cancelled, After(order, CheckoutStep.Charge, new CheckoutOutcome.Pending(), noon + TimeSpan.FromSeconds(91)).Status);
    }

    [Fact]
    public void An_undecided_payment_is_asked_about_ever_less_often()
    {
        var order = Given(Placed(), new OrderEvent.StockReserved(), new OrderEvent.PaymentRequested(20));
        TimeSpan After(TimeSpan time) => Checkout.Pause(order, CheckoutStep.Charge, new CheckoutOutcome.Pending(), noon + time);
        Assert.Equal(
            [TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(6), TimeSpan.FromSeconds(30)],
            [After(TimeSpan.FromSeconds(2)), After(TimeSpan.FromMinutes(1)), After(TimeSpan.FromHours(1))]);
        Assert.Equal(TimeSpan.FromSeconds(1), Checkout.Pause(order, CheckoutStep.Refund, new CheckoutOutcome.Pending(), noon + TimeSpan.FromHours(1)));
    }

    [Fact]
    public void Money_that_comes_after_the_end_is_refunded_and_before_it_is_left_to_the_saga()
    {
        var transactionId = Guid.CreateVersion7();
        var open = Given(Placed(), new OrderEvent.StockReserved(), new OrderEvent.PaymentRequested(20));
        Assert.Null(Checkout.WhenCapturedLate(open, transactionId));
        Assert.Null(Checkout.WhenCapturedLate(Order.Evolve(open, new OrderEvent.Confirmed(), noon), transactionId));

        foreach (var ended in new[]
        {
            Given(Placed(), new OrderEvent.PaymentRequested(20), new OrderEvent.PaymentDeclined("no"), new OrderEvent.Cancelled("PAYMENT_DECLINED", "no")),
            Given(Placed(), new OrderEvent.PaymentRequested(20), new OrderEvent.Cancelled("CANCELLED_ON_REQUEST", "no"), new OrderEvent.PaymentVoided()),
            Given(Placed(), new OrderEvent.PaymentRequested(20), new OrderEvent.Cancelled("CANCELLED_ON_REQUEST", "no")),
        })
        {
            var paid = Order.Evolve(ended, Checkout.WhenCapturedLate(ended, transactionId)!, noon);
            Assert.Equal(CheckoutStep.Refund, Checkout.Next(paid));
            Assert.Null(Checkout.WhenCapturedLate(paid, transactionId));
            var refunded = Order.Evolve(paid, new OrderEvent.PaymentRefunded(20), noon);
            Assert.Null(Checkout.WhenCapturedLate(refunded, transactionId));
            Assert.Equal("REFUNDED", refunded.PaymentStatus());
        }
    }

    [Fact]
    public void A_reservation_that_ran_out_under_a_paid_order_is_made_again_or_the_money_goes_back()
    {
        var order = Given(Placed(), new OrderEvent.StockReserved(), new OrderEvent.PaymentRequested(20), new OrderEvent.PaymentCaptured(Guid.CreateVersion7()));
        order = After(order, CheckoutStep.CommitStock, new CheckoutOutcome.NothingToCommit());
        Assert.Equal(CheckoutStep.Reserve, Checkout.Next(order));

        order = After(order, CheckoutStep.Reserve, new CheckoutOutcome.Short("[]"));
        Assert.Equal((OrderStatus.Cancelled, CheckoutStep.Refund), (order.Status, Checkout.Next(order)));
    }

    [Fact]
    public void A_paid_order_waits_for_a_catalog_that_is_down()
    {
        var order = Given(Placed(), new OrderEvent.StockReserved(), new OrderEvent.PaymentRequested(20), new OrderEvent.PaymentCaptured(Guid.CreateVersion7()));
        Assert.Empty(Checkout.React(order, CheckoutStep.CommitStock, new CheckoutOutcome.Unreachable("catalog"), noon, window));
    }
}
