using System.Text;
using System.Text.Json;
using Npgsql;

namespace Rosa.Host.Demo;

/// <summary>Categories, products with their pictures, the goods on the shelf and how they came and went.</summary>
static class CatalogRows
{
    const short Committed = 2;
    const short Released = 3;
    static readonly TimeSpan soldSince = TimeSpan.FromDays(120);

    public static async Task LoadAsync(NpgsqlConnection connection, DemoCatalog catalog, IReadOnlyList<PastSale> sales, DateTimeOffset asOf, CancellationToken cancellationToken)
    {
        await AddCategoriesAsync(connection, cancellationToken);

        // A new article every three hours, the shelves mixed, and the last of them before the first order.
        DateTimeOffset AddedAt(int index) => asOf - soldSince + TimeSpan.FromHours(3) * (index * 77 % catalog.Products.Count);
        await Copy.RowsAsync(connection, ProductColumns, catalog.Products.Select((product, index) => Product(product, ImageId(product.ProductId), AddedAt(index))), cancellationToken);
        await Copy.RowsAsync(connection, "product_images (image_id, product_id, content_type, content, created_at)", catalog.Products.Select((product, index) => new object?[]
        {
            ImageId(product.ProductId), product.ProductId, "image/svg+xml", Encoding.UTF8.GetBytes(ProductPicture.Draw(product)), AddedAt(index),
        }), cancellationToken);
        await Copy.RowsAsync(connection, "stock (product_id, available)", catalog.Products.Select(product => new object?[] { product.ProductId, product.Stock }), cancellationToken);

        var added = catalog.Products.Select((product, index) => (product, index)).ToDictionary(article => article.product.ProductId, article => AddedAt(article.index));
        await Copy.RowsAsync(connection, "stock_movements (product_id, at, change, available, reason, order_id)", Movements(catalog, sales, added), cancellationToken);
        await LoadReservationsAsync(connection, sales, cancellationToken);
        await LoadPurchasesAsync(connection, sales, cancellationToken);
    }

    public const string ProductColumns = "products (product_id, title, description, translations, price, category, image_url, created_at, changed_at)";

    public static object?[] Product(DemoProduct product, Guid imageId, DateTimeOffset addedAt) =>
    [
        product.ProductId, product.French.Title, product.French.Description,
        new Json(JsonSerializer.Serialize(new { en = new { title = product.English.Title, description = product.English.Description } })),
        product.Price, product.CategorySlug, $"/api/images/{imageId}", addedAt, addedAt,
    ];

    /// <summary>The shelves, parents first; those that are there stay as they are.</summary>
    public static async Task AddCategoriesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        for (var position = 0; position < DemoCatalog.Categories.Count; position++)
        {
            var category = DemoCatalog.Categories[position];
            batch.BatchCommands.Add(new NpgsqlBatchCommand(
                "insert into categories (slug, parent, title, translations, position) values ($1, $2, $3, jsonb_build_object('en', jsonb_build_object('title', $4::text)), $5) on conflict do nothing")
            {
                Parameters =
                {
                    new NpgsqlParameter<string> { TypedValue = category.Slug }, new NpgsqlParameter<string?> { TypedValue = category.ParentSlug },
                    new NpgsqlParameter<string> { TypedValue = category.FrenchName }, new NpgsqlParameter<string> { TypedValue = category.EnglishName },
                    new NpgsqlParameter<int> { TypedValue = position },
                },
            });
        }
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>First what came in, as much as was sold since and still is there; then every sale and every sale taken back.</summary>
    static IEnumerable<object?[]> Movements(DemoCatalog catalog, IReadOnlyList<PastSale> sales, Dictionary<Guid, DateTimeOffset> addedAt)
    {
        var moves = sales.SelectMany(sale => sale.Bought.Lines.SelectMany(line => Moves(sale, line))).OrderBy(move => move.At).ToList();
        var available = catalog.Products.ToDictionary(product => product.ProductId, product => product.Stock);
        foreach (var move in moves) available[move.ProductId] -= move.Change;

        foreach (var product in catalog.Products)
            yield return [product.ProductId, addedAt[product.ProductId], available[product.ProductId], available[product.ProductId], "first stock", null];
        foreach (var (at, productId, change, reason, orderId) in moves)
            yield return [productId, at, change, available[productId] += change, reason, orderId];
    }

    static IEnumerable<(DateTimeOffset At, Guid ProductId, int Change, string Reason, Guid OrderId)> Moves(PastSale sale, DemoOrderLine line)
    {
        yield return (sale.ConfirmedAt, line.Product.ProductId, -line.Quantity, "sale", sale.OrderId);
        if (sale.CancelledAt is { } cancelledAt) yield return (cancelledAt, line.Product.ProductId, line.Quantity, "sale cancelled", sale.OrderId);
    }

    /// <summary>By these the goods find back when a past order that is not shipped yet is cancelled.</summary>
    static async Task LoadReservationsAsync(NpgsqlConnection connection, IReadOnlyList<PastSale> sales, CancellationToken cancellationToken)
    {
        await Copy.RowsAsync(connection, "reservations (order_id, state, expires_at, changed_at)", sales.Select(sale => new object?[]
        {
            sale.OrderId, sale.CancelledAt is null ? Committed : Released, sale.Bought.PlacedAt.AddMinutes(15), sale.CancelledAt ?? sale.ConfirmedAt,
        }), cancellationToken);
        await Copy.RowsAsync(connection, "reservation_lines (order_id, product_id, quantity)",
            sales.SelectMany(sale => sale.Bought.Lines.Select(line => new object?[] { sale.OrderId, line.Product.ProductId, line.Quantity })), cancellationToken);
    }

    /// <summary>By these the demo's customers may rate what they bought.</summary>
    static Task LoadPurchasesAsync(NpgsqlConnection connection, IReadOnlyList<PastSale> sales, CancellationToken cancellationToken) =>
        Copy.RowsAsync(connection, "purchases (user_id, product_id, order_id)",
            sales.Where(sale => sale.CancelledAt is null).SelectMany(sale => sale.Bought.Lines.Select(line => new object?[] { sale.CustomerId, line.Product.ProductId, sale.OrderId })),
            cancellationToken);

    // One picture a product, under the product's own id: they are ids of different things.
    static Guid ImageId(Guid productId) => productId;
}
