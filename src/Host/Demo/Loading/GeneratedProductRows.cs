using System.Text;
using Npgsql;

namespace Rosa.Host.Demo;

/// <summary>Generated products, a few thousand a transaction, so that a load that was interrupted goes on where it was.</summary>
static class GeneratedProductRows
{
    const int AtOnce = 5_000;
    const int Pictures = 8;

    public static async Task LoadAsync(string connectionString, int count, DemoSeed seed, DateTimeOffset now, IProgress<int>? progress, CancellationToken cancellationToken)
    {
        await using var connection = await LoadedPart.ConnectAsync(connectionString, cancellationToken);
        await LoadedPart.CreateTableAsync(connection, cancellationToken);
        await CatalogRows.AddCategoriesAsync(connection, cancellationToken);
        await AddPicturesAsync(connection, seed, cancellationToken);

        // While they are many, new words go into the search index by the thousand, which halves the time of it all; the vacuum sorts the rest in.
        await ExecuteAsync(connection, "set maintenance_work_mem = '256MB'", cancellationToken);
        await ExecuteAsync(connection, "alter index product_words_found set (fastupdate = on, gin_pending_list_limit = 65536)", cancellationToken);
        var done = 0;
        await Parallel.ForEachAsync(
            CatalogGenerator.Products(count, seed).Chunk(AtOnce).Index(), new ParallelOptions { MaxDegreeOfParallelism = 2, CancellationToken = cancellationToken },
            async (chunk, token) =>
            {
                await LoadedPart.LoadAsync(connectionString, $"products {chunk.Index}", now, chunk.Item.Length,
                    (connection, present) => CopyAsync(connection, chunk.Item[present..], chunk.Index * AtOnce + present, seed, now, token), token);
                progress?.Report(Interlocked.Add(ref done, chunk.Item.Length));
            });
        await ExecuteAsync(connection, $"vacuum analyze {await FilledTablesAsync(connection, cancellationToken)}", cancellationToken);
        await ExecuteAsync(connection, "alter index product_words_found reset (gin_pending_list_limit)", cancellationToken);
        await ExecuteAsync(connection, "alter index product_words_found set (fastupdate = off)", cancellationToken);
    }

    /// <summary>Not those that are empty yet: counted as empty, they would be searched from end to end for every order until somebody counts again.</summary>
    static async Task<string> FilledTablesAsync(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select string_agg(oid::regclass::text, ', ') from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace and pg_relation_size(oid) > 0", connection);
        return (string)(await command.ExecuteScalarAsync(cancellationToken))!;
    }

    static async Task ExecuteAsync(NpgsqlConnection connection, string sql, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    static async Task CopyAsync(NpgsqlConnection connection, DemoProduct[] products, int first, DemoSeed seed, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await Copy.RowsAsync(connection, CatalogRows.ProductColumns,
            products.Select((product, index) => CatalogRows.Product(product, PictureOf(product, seed), now.AddMinutes(-(first + index) - 1))), cancellationToken);
        await Copy.RowsAsync(connection, "stock (product_id, available)", products.Select(product => new object?[] { product.ProductId, product.Stock }), cancellationToken);
        await Copy.RowsAsync(connection, "stock_movements (product_id, at, change, available, reason)",
            products.Select(product => new object?[] { product.ProductId, now, product.Stock, product.Stock, "first stock" }), cancellationToken);
    }

    static Guid PictureOf(DemoProduct product, DemoSeed seed) =>
        PictureId(product.Motif, product.Animal, (int)(seed.Hash(product.Slug) % Pictures), seed);

    static Guid PictureId(Motif motif, Animal animal, int variation, DemoSeed seed) =>
        seed.Id("bench-picture", ((int)motif * 10 + (int)animal) * Pictures + variation);

    /// <summary>Products share pictures: a hundred thousand drawings would only fill the disk.</summary>
    static async Task AddPicturesAsync(NpgsqlConnection connection, DemoSeed seed, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (motif, animal) in DemoCatalog.Families.Select(family => (family.Motif, DemoCatalog.AnimalOf(family.Category))).Distinct())
            for (var variation = 0; variation < Pictures; variation++)
                batch.BatchCommands.Add(new NpgsqlBatchCommand("insert into product_images (image_id, content_type, content) values ($1, 'image/svg+xml', $2) on conflict do nothing")
                {
                    Parameters =
                    {
                        new NpgsqlParameter<Guid> { TypedValue = PictureId(motif, animal, variation, seed) },
                        new NpgsqlParameter<byte[]> { TypedValue = Encoding.UTF8.GetBytes(ProductPicture.Draw(motif, animal, (ulong)variation)) },
                    },
                });
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }
}
