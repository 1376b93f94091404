using System.Text.Json;
using Npgsql;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <summary>A product as those who keep the catalog write it: both languages, and its stock behind the counter.</summary>
/// <param name="Reserved">Units held for checkouts that are under way.</param>
/// <param name="LowAt">From how few units on it runs low; null where the shop's own figure counts.</param>
/// <param name="WithdrawnAt">Set: no longer for sale.</param>
public sealed record ProductSheet(
    Guid ProductId, string Title, string Description, string? Sku, decimal Price, string Category, string? ImageUrl, ProductTranslations? Translations,
    IReadOnlyList<ProductImage> Images, int Available, int Reserved, int? LowAt, DateTime CreatedAt, DateTime ChangedAt, DateTime? WithdrawnAt);

/// <summary><c>GET /api/products/{productId}/sheet</c>, for employees. Its <c>ETag</c> goes into the <c>If-Match</c> of a change.</summary>
static class GetProductSheet
{
    public static async Task<IResult> Handle(Guid productId, HttpContext http, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            select version, title, description, sku, price, category, image_url, translations::text, available, reserved, low_at, created_at, changed_at, withdrawn_at,
              array(select image_id from product_images where product_id = p.product_id order by position, image_id)
            from products p join stock s using (product_id) where product_id = $1
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = productId });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) return Problem.NotFound("product").ToResult();

        http.Response.Headers.ETag = $"\"{row.GetInt32(0)}-sheet\"";
        http.Response.Headers.CacheControl = "private, no-store";
        return TypedResults.Ok(new ProductSheet(
            productId, row.GetString(1), row.GetString(2), row.IsDBNull(3) ? null : row.GetString(3), row.GetDecimal(4), row.GetString(5), row.IsDBNull(6) ? null : row.GetString(6),
            StoredTranslations.Read<ProductTranslations>(row.GetString(7)),
            [.. row.GetFieldValue<Guid[]>(14).Select(imageId => new ProductImage(imageId, ProductImages.Url(imageId)))],
            row.GetInt32(8), row.GetInt32(9), row.IsDBNull(10) ? null : row.GetInt32(10), row.GetDateTime(11), row.GetDateTime(12), row.IsDBNull(13) ? null : row.GetDateTime(13)));
    }
}
