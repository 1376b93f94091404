using Npgsql;
using Rosa.Contracts.Catalog;
using Rosa.Platform.Database;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <summary>What adding, removing and ordering a product's pictures have in common.</summary>
static class ProductImages
{
    public static readonly Problem TooMany = new(ProblemKind.Refused, "TOO_MANY_IMAGES", "The product has as many pictures as one may have. Remove one first.");

    public static string Url(Guid imageId) => $"/api/images/{imageId}";

    /// <summary>Pictures of one product change one after the other. False when it is not for sale.</summary>
    public static async Task<bool> LockProductAsync(Guid productId, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "select true from products where product_id = $1 and withdrawn_at is null for no key update", transaction.Connection, transaction.Transaction);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = productId });
        return await command.ExecuteScalarAsync(cancellationToken) is true;
    }

    /// <summary>
    /// After a change of its pictures: the first of them is the product's, unless an employee named one that lies elsewhere. Tells that the
    /// product changed.
    /// </summary>
    public static async Task ChangedAsync(Guid productId, DatabaseTransaction transaction, DateTimeOffset now, CancellationToken cancellationToken)
    {
        ProductChanged changed;
        await using (var command = new NpgsqlCommand(
            """
            update products
            set image_url = case when image_url is null or image_url like '/api/images/%' then
                (select '/api/images/' || image_id from product_images where product_id = $1 order by position, image_id limit 1)
              else image_url end,
              version = version + 1, changed_at = $2
            where product_id = $1
            returning title, category, price
            """, transaction.Connection, transaction.Transaction))
        {
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = productId });
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
            await using var row = await command.ExecuteReaderAsync(cancellationToken);
            await row.ReadAsync(cancellationToken);
            changed = new ProductChanged(productId, row.GetString(0), row.GetString(1), row.GetDecimal(2), now);
        }
        await transaction.PublishAsync(changed, cancellationToken);
    }
}
