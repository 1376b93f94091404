using Npgsql;
using Rosa.Contracts.Orders;
using Rosa.Orders;

namespace Rosa.Host.Demo;

/// <summary>Generated past orders, streamed: a few thousand a transaction, so that a load that was interrupted goes on where it was.</summary>
static class BenchOrders
{
    const int AtOnce = 10_000;
    const int OrdersPerCustomer = 20;
    static readonly TimeSpan deliveredAfter = TimeSpan.FromDays(4);
    static readonly ShippingAddress address = new("Pralinette Exemple", "1 rue de l'Exemple", null, "75000", "Paris", "FR");

    public static async Task LoadAsync(string connectionString, int count, DemoSeed seed, DateTimeOffset now, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        await using var connection = await LoadedPart.ConnectAsync(connectionString, cancellationToken);
        await LoadedPart.CreateTableAsync(connection, cancellationToken);

        var products = DemoCatalog.For(seed).Products;
        var byId = products.ToDictionary(product => product.ProductId);
        var orders = CatalogGenerator.Orders(count, products, Math.Max(1, count / OrdersPerCustomer), seed, now - deliveredAfter);
        var done = 0;
        await Parallel.ForEachAsync(
            orders.Chunk(AtOnce).Index(), new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken },
            async (chunk, token) =>
            {
                await LoadedPart.LoadAsync(connectionString, $"past orders {chunk.Index}", now, chunk.Item.Length,
                    (connection, present) => CopyAsync(connection, chunk.Item[present..], byId, token), token);
                progress?.Report(Interlocked.Add(ref done, chunk.Item.Length));
            });
        await using var vacuum = new NpgsqlCommand("vacuum analyze order_events, order_views", connection);
        await vacuum.ExecuteNonQueryAsync(cancellationToken);
    }

    static async Task CopyAsync(NpgsqlConnection connection, BenchOrder[] orders, Dictionary<Guid, DemoProduct> products, CancellationToken cancellationToken)
    {
        await Copy.RowsAsync(connection, OrderRows.EventColumns, orders.SelectMany(order => OrderRows.Events(order.OrderId, Story(order, products))), cancellationToken);
        await Copy.RowsAsync(connection, OrderRows.ViewColumns, orders.Select(order => OrderRows.View(order.OrderId, Story(order, products))), cancellationToken);
    }

    /// <summary>Bought with a card and delivered.</summary>
    static IEnumerable<RecordedEvent> Story(BenchOrder order, Dictionary<Guid, DemoProduct> products)
    {
        var placedAt = order.PlacedAt;
        var items = order.Lines.Select(line => new OrderedItem(line.ProductId, products[line.ProductId].French.Title, line.UnitPrice, line.Quantity, line.UnitPrice * line.Quantity)
        {
            Category = products[line.ProductId].CategorySlug,
        }).ToArray();
        yield return new(new OrderEvent.Placed(order.CustomerId, items, order.TotalAmount, PastSale.Currency, PromoCode: null, address, Method: "card"), placedAt);
        yield return new(new OrderEvent.StockReserved(), placedAt);
        yield return new(new OrderEvent.PaymentRequested(order.TotalAmount), placedAt);
        yield return new(new OrderEvent.PaymentCaptured(order.OrderId), placedAt);
        yield return new(new OrderEvent.StockCommitted(), placedAt);
        yield return new(new OrderEvent.Confirmed(), placedAt);
        yield return new(new OrderEvent.ProcessingStarted(), placedAt.AddDays(1));
        yield return new(new OrderEvent.Shipped("Colis Exemple", "EX0"), placedAt.AddDays(2));
        yield return new(new OrderEvent.Delivered(), placedAt + deliveredAfter);
    }
}
