using Npgsql;
using Rosa.Contracts.Catalog;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Recommendations;

/// <summary>What is for sale, and on which shelf. Whether it is in stock, the catalog is asked at each answer: it does not tell of every sale.</summary>
sealed class KnowProductWhenCatalogTells : IEventHandler<ProductCreated>, IEventHandler<ProductChanged>, IEventHandler<ProductWithdrawn>
{
    const string OnSale =
        """
        insert into products (product_id, category) values ($1, $2)
        on conflict (product_id) do update set category = excluded.category, withdrawn = false
        """;

    public Task HandleAsync(ProductCreated happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken) =>
        WriteAsync(transaction, OnSale, happened.ProductId, happened.Category, cancellationToken);

    public Task HandleAsync(ProductChanged happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken) =>
        WriteAsync(transaction, OnSale, happened.ProductId, happened.Category, cancellationToken);

    public Task HandleAsync(ProductWithdrawn happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken) =>
        WriteAsync(
            transaction, "insert into products (product_id, category, withdrawn) values ($1, $2, true) on conflict (product_id) do update set withdrawn = true",
            happened.ProductId, category: "", cancellationToken);

    static async Task WriteAsync(DatabaseTransaction transaction, string sql, Guid productId, string category, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, transaction.Connection, transaction.Transaction);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = productId });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = category });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
