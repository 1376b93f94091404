using Npgsql;
using NpgsqlTypes;
using Rosa.Contracts.Catalog;
using Rosa.Platform.Database;

namespace Rosa.Catalog;

/// <summary>What became of a line.</summary>
/// <param name="Outcome"><c>created</c>, <c>updated</c>, <c>unchanged</c> or <c>refused</c>.</param>
/// <param name="Reason">Why it was refused.</param>
public sealed record ImportedLine(int Line, string Outcome, Guid? ProductId = null, string? Reason = null);

/// <summary>Carries out lines of a product file, all of them in one transaction, or each in one of its own when the database refuses that.</summary>
sealed class ProductImport(ServiceDatabase database, TimeProvider clock)
{
    sealed record Known(Guid ProductId, ProductContent Content, bool IsWithdrawn);

    sealed record Work(Dictionary<Guid, Known> ById, Dictionary<string, Known> BySku, HashSet<string> Categories)
    {
        public List<(Guid ProductId, ProductContent Content, int Quantity)> New { get; } = [];

        public List<(Guid ProductId, ProductContent Content)> Changed { get; } = [];
    }

    /// <param name="lines">No product twice.</param>
    public async Task<IReadOnlyList<ImportedLine>> CarryOutAsync(IReadOnlyList<ProductLine> lines, ProductCsv csv, Guid employeeId, CancellationToken cancellationToken)
    {
        try
        {
            return await TogetherAsync(lines, csv, employeeId, cancellationToken);
        }
        catch (PostgresException)
        {
            // Nothing of it happened. One by one, a line that cannot be carried out fails alone.
            var outcomes = new List<ImportedLine>(lines.Count);
            foreach (var line in lines) outcomes.Add(await AloneAsync(line, csv, employeeId, cancellationToken));
            return outcomes;
        }
    }

    async Task<ImportedLine> AloneAsync(ProductLine line, ProductCsv csv, Guid employeeId, CancellationToken cancellationToken)
    {
        const int attempts = 3;
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return (await TogetherAsync([line], csv, employeeId, cancellationToken))[0];
            }
            catch (PostgresException exception) when (ProductProblems.Of(exception) is { } problem)
            {
                return new ImportedLine(line.Number, "refused", Reason: problem.Detail);
            }
            catch (PostgresException exception) when (exception.IsTransient && attempt < attempts)
            {
                // Somebody else was changing the same products.
            }
        }
    }

    async Task<IReadOnlyList<ImportedLine>> TogetherAsync(IReadOnlyList<ProductLine> lines, ProductCsv csv, Guid employeeId, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await database.BeginAsync(cancellationToken);
        var work = await LockAsync(lines, transaction, cancellationToken);
        var outcomes = lines.Select(line => Decide(line, csv, work)).ToList();
        await WriteAsync(work, employeeId, now, transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        if (work.New.Count + work.Changed.Count > 0) database.OutboxSignal.Wake();
        return outcomes;
    }

    /// <summary>The products and categories that the lines name, locked in the order that everybody keeps.</summary>
    static async Task<Work> LockAsync(IReadOnlyList<ProductLine> lines, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction.Transaction);
        batch.BatchCommands.Add(new("select slug from categories where slug = any($1) order by slug for key share")
        {
            Parameters = { Texts(lines.Select(line => line.Category).Distinct()) },
        });
        batch.BatchCommands.Add(new(
            """
            select product_id, title, description, price, coalesce(category, ''), image_url, translations::text, sku, withdrawn_at is not null
            from products
            where product_id = any($1) or (sku = any($2) and withdrawn_at is null)
            order by product_id
            for no key update
            """)
        {
            Parameters = { Ids(lines.Where(line => line.ProductId is not null).Select(line => line.ProductId!.Value)), Texts(lines.Where(line => line.Sku is not null).Select(line => line.Sku)) },
        });

        var work = new Work([], [], []);
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) work.Categories.Add(reader.GetString(0));
        await reader.NextResultAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            var known = new Known(
                reader.GetGuid(0),
                new ProductContent(
                    reader.GetString(1), reader.GetString(2), reader.GetDecimal(3), reader.GetString(4), reader.IsDBNull(5) ? null : reader.GetString(5),
                    StoredTranslations.Read<ProductTranslations>(reader.GetString(6)), reader.IsDBNull(7) ? null : reader.GetString(7)),
                reader.GetBoolean(8));
            work.ById[known.ProductId] = known;
            if (known is { IsWithdrawn: false, Content.Sku: { } sku }) work.BySku[sku] = known;
        }
        return work;
    }

    static ImportedLine Decide(ProductLine line, ProductCsv csv, Work work)
    {
        var holder = line.Sku is null ? null : work.BySku.GetValueOrDefault(line.Sku);
        var known = line.ProductId is { } id ? work.ById.GetValueOrDefault(id) : holder;
        if (known is { IsWithdrawn: true }) return new ImportedLine(line.Number, "refused", Reason: "The product was withdrawn from sale.");
        if (!work.Categories.Contains(line.Category)) return new ImportedLine(line.Number, "refused", Reason: ProductProblems.UnknownCategory.Detail);
        if (holder is not null && holder != known) return new ImportedLine(line.Number, "refused", Reason: ProductProblems.SkuTaken.Detail);

        var said = new ProductContent(line.Title, line.Description, line.Price, line.Category, line.ImageUrl, line.Translations, line.Sku);
        if (known is null)
        {
            var productId = line.ProductId ?? Guid.CreateVersion7();
            work.New.Add((productId, said, line.Quantity));
            return new ImportedLine(line.Number, "created", productId);
        }

        var next = said with
        {
            ImageUrl = csv.Has("imageUrl") ? said.ImageUrl : known.Content.ImageUrl,
            Translations = csv.Has("titleEn") ? said.Translations : known.Content.Translations,
            Sku = csv.Has("sku") ? said.Sku : known.Content.Sku,
        };
        if (next == known.Content) return new ImportedLine(line.Number, "unchanged", known.ProductId);
        work.Changed.Add((known.ProductId, next));
        return new ImportedLine(line.Number, "updated", known.ProductId);
    }

    async Task WriteAsync(Work work, Guid employeeId, DateTimeOffset now, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction.Transaction);
        if (work.New.Count > 0)
        {
            Add(batch,
                """
                insert into products (product_id, title, description, price, category, image_url, translations, sku, created_at, changed_at)
                select product_id, title, description, price, category, image_url, translations::jsonb, sku, $9, $9
                from unnest($1::uuid[], $2::text[], $3::text[], $4::numeric[], $5::text[], $6::text[], $7::text[], $8::text[])
                  l (product_id, title, description, price, category, image_url, translations, sku)
                """, work.New.Select(product => (product.ProductId, product.Content)), now);
            var stocked = new NpgsqlParameter[] { Ids(work.New.Select(product => product.ProductId)), new NpgsqlParameter<int[]> { TypedValue = [.. work.New.Select(product => product.Quantity)] } };
            var stock = new NpgsqlBatchCommand("insert into stock (product_id, available) select * from unnest($1::uuid[], $2::int[])");
            foreach (var parameter in stocked) stock.Parameters.Add(parameter);
            batch.BatchCommands.Add(stock);
            var movements = new NpgsqlBatchCommand(
                """
                insert into stock_movements (product_id, at, change, available, reason, employee_id)
                select product_id, $3, quantity, quantity, 'first stock', $4 from unnest($1::uuid[], $2::int[]) l (product_id, quantity) where quantity > 0
                """);
            foreach (var parameter in stocked) movements.Parameters.Add(parameter.Clone());
            movements.Parameters.Add(Time(now));
            movements.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = employeeId });
            batch.BatchCommands.Add(movements);
        }
        if (work.Changed.Count > 0)
        {
            Add(batch,
                """
                update products p
                set title = l.title, description = l.description, price = l.price, category = l.category, translations = l.translations::jsonb, sku = l.sku,
                  changed_at = $9, version = p.version + 1,
                  image_url = coalesce(l.image_url, (select '/api/images/' || image_id from product_images i where i.product_id = p.product_id order by position, image_id limit 1))
                from unnest($1::uuid[], $2::text[], $3::text[], $4::numeric[], $5::text[], $6::text[], $7::text[], $8::text[])
                  l (product_id, title, description, price, category, image_url, translations, sku)
                where p.product_id = l.product_id
                """, work.Changed, now);
        }
        foreach (var (productId, content, _) in work.New)
            batch.BatchCommands.Add(database.Events.Command(new ProductCreated(productId, content.Title, content.Category, content.Price!.Value, now)));
        foreach (var (productId, content) in work.Changed)
            batch.BatchCommands.Add(database.Events.Command(new ProductChanged(productId, content.Title, content.Category, content.Price!.Value, now)));
        if (batch.BatchCommands.Count > 0) await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    static void Add(NpgsqlBatch batch, string sql, IEnumerable<(Guid ProductId, ProductContent Content)> products, DateTimeOffset now)
    {
        var (ids, contents) = (products.Select(product => product.ProductId), products.Select(product => product.Content).ToList());
        batch.BatchCommands.Add(new(sql)
        {
            Parameters =
            {
                Ids(ids), Texts(contents.Select(content => content.Title)), Texts(contents.Select(content => content.Description)),
                new NpgsqlParameter<decimal[]> { TypedValue = [.. contents.Select(content => content.Price!.Value)] },
                Texts(contents.Select(content => content.Category)), Texts(contents.Select(content => content.ImageUrl)),
                Texts(contents.Select(content => StoredTranslations.Write(content.Translations))), Texts(contents.Select(content => content.Sku)), Time(now),
            },
        });
    }

    static NpgsqlParameter Ids(IEnumerable<Guid> ids) => new NpgsqlParameter<Guid[]> { TypedValue = [.. ids] };

    static NpgsqlParameter Texts(IEnumerable<string?> texts) => new NpgsqlParameter<string?[]> { TypedValue = [.. texts], NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Text };

    static NpgsqlParameter Time(DateTimeOffset time) => new NpgsqlParameter<DateTime> { TypedValue = time.UtcDateTime };
}
