using Dapper;
using Npgsql;
using Rosa.Contracts.Catalog;
using Rosa.Platform.Database;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <summary><c>PUT /api/products/{productId}</c>: an employee changes what is said of a product. With <c>If-Match</c> only as it was read.</summary>
static class ChangeProduct
{
    public static async Task Handle(
        Guid productId, ProductContent request, HttpContext http, ServiceDatabase database, GetProduct product, TimeProvider clock, CancellationToken cancellationToken)
    {
        if (await ChangeAsync(productId, request, EntityTag.Versions(http.Request), database, clock.GetUtcNow(), cancellationToken) is { } problem)
            await problem.ToResult().ExecuteAsync(http);
        else
            await product.SendAsync(productId, http, cancellationToken);
    }

    static async Task<Problem?> ChangeAsync(
        Guid productId, ProductContent content, int[]? versions, ServiceDatabase database, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginAsync(cancellationToken);
        await using var update = new NpgsqlCommand(
            """
            update products
            set title = $2, description = $3, translations = $4, price = $5, category = $6, changed_at = $8, sku = $10, version = version + 1,
              image_url = coalesce($7, (select '/api/images/' || image_id from product_images where product_id = $1 order by position, image_id limit 1))
            where product_id = $1 and withdrawn_at is null and ($9::int[] is null or version = any($9))
            """, transaction.Connection, transaction.Transaction)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = productId },
                new NpgsqlParameter<string> { TypedValue = content.Title },
                new NpgsqlParameter<string> { TypedValue = content.Description },
                StoredTranslations.Parameter(content.Translations),
                new NpgsqlParameter<decimal> { TypedValue = content.Price!.Value },
                new NpgsqlParameter<string> { TypedValue = content.Category },
                new NpgsqlParameter { Value = (object?)content.ImageUrl ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text },
                new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime },
                new NpgsqlParameter { Value = (object?)versions ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Integer },
                new NpgsqlParameter { Value = (object?)content.Sku ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Text },
            },
        };
        try
        {
            if (await update.ExecuteNonQueryAsync(cancellationToken) == 0) return await WhyNotAsync(productId, transaction, cancellationToken);
        }
        catch (PostgresException exception) when (ProductProblems.Of(exception) is { } problem)
        {
            return problem;
        }
        await transaction.PublishAsync(new ProductChanged(productId, content.Title, content.Category, content.Price.Value, now), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return null;
    }

    /// <summary>Why a product that was asked for was not changed: it is not there, or not as it was read.</summary>
    public static async Task<Problem> WhyNotAsync(Guid productId, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        var isForSale = await transaction.Connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from products where product_id = @productId and withdrawn_at is null)",
            new { productId }, transaction.Transaction, cancellationToken: cancellationToken));
        return isForSale ? ProductProblems.Changed : Problem.NotFound("product");
    }
}
