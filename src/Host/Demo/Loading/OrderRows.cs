using System.Diagnostics;
using System.Text.Json;
using Npgsql;
using Rosa.Orders;

namespace Rosa.Host.Demo;

/// <summary>Orders with all their events, and the views that Orders makes of them.</summary>
static class OrderRows
{
    public const string EventColumns = "order_events (order_id, version, type, data, at)";
    public const string ViewColumns = "order_views (order_id, user_id, status, placed_at, document)";

    public static async Task LoadAsync(NpgsqlConnection connection, IReadOnlyList<PastSale> sales, CancellationToken cancellationToken)
    {
        await Copy.RowsAsync(connection, EventColumns, sales.SelectMany(sale => Events(sale.OrderId, sale.Events)), cancellationToken);
        await Copy.RowsAsync(connection, ViewColumns, sales.Select(sale => View(sale.OrderId, sale.Events)), cancellationToken);
    }

    public static IEnumerable<object?[]> Events(Guid orderId, IEnumerable<RecordedEvent> events) =>
        events.Select((recorded, index) => new object?[] { orderId, index + 1, recorded.Event.GetType().Name, new Json(OrdersJson.WriteEvent(recorded.Event)), recorded.At });

    public static object?[] View(Guid orderId, IEnumerable<RecordedEvent> events)
    {
        var order = events.Aggregate(new Order(orderId), (order, recorded) => Order.Evolve(order, recorded.Event, recorded.At));
        if (Checkout.Next(order) is { } step) throw new UnreachableException($"A past order has nothing left to do, but {orderId} wants to {step}.");
        return [order.OrderId, order.UserId, order.Status.OnTheWire(), order.PlacedAt, new Json(JsonSerializer.Serialize(OrderDocument.From(order), OrdersJson.Default.OrderDocument))];
    }
}
