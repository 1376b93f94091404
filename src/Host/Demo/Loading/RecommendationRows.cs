using Npgsql;
using Rosa.Recommendations;

namespace Rosa.Host.Demo;

/// <summary>What is for sale, whose animal is known, and the past orders, counted by the service's own statements. A cancelled order counts nothing.</summary>
static class RecommendationRows
{
    public static async Task LoadAsync(NpgsqlConnection connection, DemoShop shop, IEnumerable<PastSale> sales, CancellationToken cancellationToken)
    {
        await Copy.RowsAsync(connection, "products (product_id, category)", shop.Catalog.Products.Select(product => new object?[] { product.ProductId, product.CategorySlug }), cancellationToken);
        await Copy.RowsAsync(connection, "customers (user_id, animal_type)", shop.Customers.Select(customer => new object?[]
        {
            customer.CustomerId, customer.Animal.ToString().ToLowerInvariant(),
        }), cancellationToken);

        await using var batch = new NpgsqlBatch(connection);
        batch.BatchCommands.Add(Purchases.Lock());
        foreach (var sale in sales.Where(sale => sale.CancelledAt is null))
        {
            foreach (var command in Purchases.Count(new Purchase(sale.OrderId, sale.CustomerId, sale.ConfirmedAt, sale.Items.Select(item => item.ProductId))))
                batch.BatchCommands.Add(command);
        }
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
