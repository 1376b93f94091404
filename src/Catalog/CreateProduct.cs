using Npgsql;
using NpgsqlTypes;
using Rosa.Contracts.Catalog;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <summary><c>POST /api/products</c>: an employee puts a product on sale.</summary>
static class CreateProduct
{
    public static async Task Handle(
        CreateProductRequest request, HttpContext http, Caller caller, ServiceDatabase database, GetProduct product, TimeProvider clock, CancellationToken cancellationToken)
    {
        var productId = Guid.CreateVersion7();
        var now = clock.GetUtcNow();
        await using (var batch = database.Source.CreateBatch())
        {
            batch.BatchCommands.Add(new(
                """
                insert into products (product_id, title, description, translations, price, category, image_url, sku, created_at, changed_at)
                values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $9)
                """)
            {
                Parameters =
                {
                    Id(productId), Text(request.Title), Text(request.Description), StoredTranslations.Parameter(request.Translations), new NpgsqlParameter<decimal> { TypedValue = request.Price!.Value },
                    Text(request.Category), TextOrNull(request.ImageUrl), TextOrNull(request.Sku), Time(now),
                },
            });
            batch.BatchCommands.Add(new("insert into stock (product_id, available) values ($1, $2)")
            {
                Parameters = { Id(productId), Number(request.Quantity!.Value) },
            });
            if (request.Quantity > 0)
            {
                batch.BatchCommands.Add(new(
                    "insert into stock_movements (product_id, at, change, available, reason, employee_id) values ($1, $2, $3, $3, 'first stock', $4)")
                {
                    Parameters = { Id(productId), Time(now), Number(request.Quantity.Value), Id(caller.UserId!.Value) },
                });
            }
            batch.BatchCommands.Add(database.Events.Command(new ProductCreated(productId, request.Title, request.Category, request.Price.Value, now)));
            try
            {
                await batch.ExecuteNonQueryAsync(cancellationToken);
            }
            catch (PostgresException exception) when (ProductProblems.Of(exception) is { } problem)
            {
                await problem.ToResult().ExecuteAsync(http);
                return;
            }
        }
        database.OutboxSignal.Wake();

        http.Response.StatusCode = StatusCodes.Status201Created;
        http.Response.Headers.Location = $"/api/products/{productId}";
        await product.SendAsync(productId, http, cancellationToken);
    }

    static NpgsqlParameter Id(Guid id) => new NpgsqlParameter<Guid> { TypedValue = id };

    static NpgsqlParameter Text(string text) => new NpgsqlParameter<string> { TypedValue = text };

    static NpgsqlParameter TextOrNull(string? text) => new() { Value = (object?)text ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text };

    static NpgsqlParameter Number(int number) => new NpgsqlParameter<int> { TypedValue = number };

    static NpgsqlParameter Time(DateTimeOffset time) => new NpgsqlParameter<DateTime> { TypedValue = time.UtcDateTime };
}
