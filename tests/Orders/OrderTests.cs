using Rosa.Contracts.Orders;

namespace Rosa.Orders.Tests;

/// <summary>What people ask of an order, as pure rules.</summary>
public sealed class OrderTests
{
    static readonly DateTimeOffset noon = new(2026, 11, 21, 12, 0, 0, TimeSpan.Zero);

    static readonly OrderEvent.Placed placed = new(
        Guid.CreateVersion7(), [new OrderedItem(Guid.CreateVersion7(), "Rope", 10, 2, 20)], 20, "EUR", null, new ShippingAddress("A", "B", null, "75000", "Paris", "FR"), "card");

    static readonly OrderEvent[] paid =
        [placed, new OrderEvent.StockReserved(), new OrderEvent.PaymentRequested(20), new OrderEvent.PaymentCaptured(Guid.CreateVersion7()), new OrderEvent.StockCommitted(), new OrderEvent.Confirmed()];

    static Order Given(params OrderEvent[] events) => events.Aggregate(new Order(Guid.CreateVersion7()), (order, happened) => Order.Evolve(order, happened, noon));

    [Fact]
    public void Cancelling_a_shipped_order_is_refused()
    {
        var order = Given([.. paid, new OrderEvent.ProcessingStarted(), new OrderEvent.Shipped("La Poste", "1Z999")]);
        Assert.Equal("ORDER_ALREADY_SHIPPED", Order.Decide(order, new OrderCommand.Cancel("changed my mind")).Problem?.Code);
    }

    [Fact]
    public void Cancelling_twice_is_refused()
    {
        var order = Given([.. paid, new OrderEvent.Cancelled("CANCELLED_ON_REQUEST", "changed my mind")]);
        Assert.Equal("ORDER_ALREADY_CANCELLED", Order.Decide(order, new OrderCommand.Cancel("again")).Problem?.Code);
    }

    [Fact]
    public void Cancelling_a_paid_order_gives_back_what_was_paid()
    {
        var order = Given([.. paid, new OrderEvent.Cancelled("CANCELLED_ON_REQUEST", "changed my mind")]);
        Assert.Equal(20, order.RefundAmount);
    }

    [Fact]
    public void Cancelling_while_the_payment_is_undecided_is_allowed_and_gives_back_nothing_yet()
    {
        var order = Given(placed, new OrderEvent.StockReserved(), new OrderEvent.PaymentRequested(20));
        var decision = Order.Decide(order, new OrderCommand.Cancel("changed my mind"));
        Assert.Equal(0, Order.Evolve(order, decision.Event!, noon).RefundAmount);
    }

    [Fact]
    public void An_order_that_was_refused_before_it_existed_is_not_found()
    {
        var order = Given(placed, new OrderEvent.Rejected("INSUFFICIENT_STOCK", "[]"));
        Assert.Equal("NOT_FOUND", Order.Decide(order, new OrderCommand.Cancel("x")).Problem?.Code);
    }

    [Fact]
    public void Shipping_comes_after_processing()
    {
        Assert.Equal("ORDER_STATUS_CONFLICT", Order.Decide(Given(paid), new OrderCommand.Ship("La Poste", "1")).Problem?.Code);
        Assert.IsType<OrderEvent.Shipped>(Order.Decide(Given([.. paid, new OrderEvent.ProcessingStarted()]), new OrderCommand.Ship("La Poste", "1")).Event);
    }

    [Fact]
    public void The_history_names_every_status_once_in_order()
    {
        var order = Given([.. paid, new OrderEvent.ProcessingStarted(), new OrderEvent.Shipped("La Poste", "1"), new OrderEvent.Delivered()]);
        Assert.Equal(
            ["PENDING", "PAYMENT_PROCESSING", "CONFIRMED", "PROCESSING", "SHIPPED", "DELIVERED"], OrderDocument.From(order).History.Select(entry => entry.Status));
    }

    [Fact]
    public void Every_event_is_stored_and_read_back_the_same()
    {
        var order = Given([.. paid, new OrderEvent.Shipped("La Poste", "1Z999")]);
        var again = paid.Append(new OrderEvent.Shipped("La Poste", "1Z999"))
            .Select(happened => OrdersJson.ReadEvent(happened.GetType().Name, OrdersJson.WriteEvent(happened)))
            .Aggregate(new Order(order.OrderId), (state, happened) => Order.Evolve(state, happened, noon));
        Assert.Equal(System.Text.Json.JsonSerializer.Serialize(OrderDocument.From(order)), System.Text.Json.JsonSerializer.Serialize(OrderDocument.From(again)));
    }
}
