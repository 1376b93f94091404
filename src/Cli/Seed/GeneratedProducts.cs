using Npgsql;
using NpgsqlTypes;
using Rosa.Cli.Load;
using Rosa.Host.Demo;

namespace Rosa.Cli.Seed;

/// <summary>A catalog of any size, copied straight into its tables.</summary>
static class GeneratedProducts
{
    const int InStock = 100_000;   // a bench that sells out measures refusals

    /// <summary>Adds what is missing up to this many: the n-th product is the same whatever the count.</summary>
    public static async Task LoadAsync(DatabaseAccess databases, int count, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(databases.ConnectionString("catalog"));
        await connection.OpenAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (var category in DemoCatalog.Categories) await AddAsync(connection, category, cancellationToken);

        await ExecuteAsync(connection, "create temporary table loaded (product_id uuid, title text, description text, title_en text, description_en text, price numeric, category text, image_url text, number int) on commit drop", cancellationToken);
        await CopyAsync(connection, CatalogGenerator.Products(count, DemoSeed.Default), cancellationToken);
        await ExecuteAsync(connection,
            """
            insert into products (product_id, title, description, translations, price, category, image_url, created_at, changed_at)
            select product_id, title, description, jsonb_build_object('en', jsonb_build_object('title', title_en, 'description', description_en)), price, category, image_url,
              now() - number * interval '1 minute', now()
            from loaded on conflict do nothing
            """, cancellationToken);
        await ExecuteAsync(connection, $"insert into stock (product_id, available) select product_id, {InStock} from loaded on conflict do nothing", cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        await ExecuteAsync(connection, "vacuum analyze products, product_listings, product_counts, stock", cancellationToken);
    }

    static async Task AddAsync(NpgsqlConnection connection, DemoCategory category, CancellationToken cancellationToken)
    {
        await using var insert = new NpgsqlCommand("insert into categories (slug, parent, title) values ($1, $2, $3) on conflict do nothing", connection);
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = category.Slug });
        insert.Parameters.Add(new NpgsqlParameter<string?> { TypedValue = category.ParentSlug, NpgsqlDbType = NpgsqlDbType.Text });
        insert.Parameters.Add(new NpgsqlParameter<string> { TypedValue = category.FrenchName });
        await insert.ExecuteNonQueryAsync(cancellationToken);
    }

    static async Task CopyAsync(NpgsqlConnection connection, IEnumerable<DemoProduct> products, CancellationToken cancellationToken)
    {
        await using var copy = await connection.BeginBinaryImportAsync("copy loaded from stdin (format binary)", cancellationToken);
        var number = 0;
        foreach (var product in products)
        {
            await copy.StartRowAsync(cancellationToken);
            await copy.WriteAsync(product.ProductId, NpgsqlDbType.Uuid, cancellationToken);
            await copy.WriteAsync(product.French.Title, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(product.French.Description, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(product.English.Title, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(product.English.Description, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(product.Price, NpgsqlDbType.Numeric, cancellationToken);
            await copy.WriteAsync(product.CategorySlug, NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync($"/pictures/{product.Slug}.svg", NpgsqlDbType.Text, cancellationToken);
            await copy.WriteAsync(number++, NpgsqlDbType.Integer, cancellationToken);
        }
        await copy.CompleteAsync(cancellationToken);
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
