using Npgsql;
using Rosa.Cli.Load;
using Rosa.Host.Demo;

namespace Rosa.Cli.Seed;

/// <summary>A catalog of any size, copied straight into its tables.</summary>
static class GeneratedProducts
{
    /// <summary>Adds what is missing up to this many: the n-th product is the same whatever the count.</summary>
    /// <param name="inStock">Of each; a bench that sells out would measure refusals.</param>
    public static async Task LoadAsync(DatabaseAccess databases, int count, int inStock, CancellationToken cancellationToken)
    {
        var catalog = databases.ConnectionString("catalog");
        await new DemoShopLoader(new Dictionary<string, string> { ["catalog"] = catalog }, TimeProvider.System).LoadProductsAsync(count, progress: null, cancellationToken);

        await using var connection = new NpgsqlConnection(catalog);
        await connection.OpenAsync(cancellationToken);
        await using var delivery = new NpgsqlCommand(
            """
            with short as (select product_id, $1 - available as missing from stock where available < $1),
            delivered as (update stock s set available = $1 from short where s.product_id = short.product_id)
            insert into stock_movements (product_id, at, change, available, reason) select product_id, now(), missing, $1, 'delivery' from short
            """, connection)
        { CommandTimeout = 600 };
        delivery.Parameters.Add(new NpgsqlParameter<int> { TypedValue = inStock });
        await delivery.ExecuteNonQueryAsync(cancellationToken);
    }

    /// <summary>Sets what there is of some products, as a stocktaking does.</summary>
    public static async Task SetStockAsync(DatabaseAccess databases, IReadOnlyList<Guid> products, int inStock, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(databases.ConnectionString("catalog"));
        await connection.OpenAsync(cancellationToken);
        await using var counted = new NpgsqlCommand(
            """
            with counted as (select product_id, $2 - available as change from stock where product_id = any($1) and available <> $2),
            corrected as (update stock s set available = $2 from counted where s.product_id = counted.product_id)
            insert into stock_movements (product_id, at, change, available, reason) select product_id, now(), change, $2, 'stocktaking' from counted
            """, connection);
        counted.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. products] });
        counted.Parameters.Add(new NpgsqlParameter<int> { TypedValue = inStock });
        await counted.ExecuteNonQueryAsync(cancellationToken);
    }
}
