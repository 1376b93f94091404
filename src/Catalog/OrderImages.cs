using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <param name="ImageIds">Every picture of the product once, in the order in which they are to be shown.</param>
public sealed record OrderImagesRequest([Required, Length(1, 100)] IReadOnlyList<Guid> ImageIds);

public sealed record OrderedImages(IReadOnlyList<ProductImage> Images);

/// <summary><c>PUT /api/products/{productId}/images</c>: an employee says which picture comes first.</summary>
static class OrderImages
{
    static readonly Problem others = new(ProblemKind.Conflict, "IMAGES_CHANGED", "The product has other pictures than these. Read it again and name each of them once.");

    public static async Task<Results<Ok<OrderedImages>, ProblemHttpResult>> Handle(
        Guid productId, OrderImagesRequest request, ServiceDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginAsync(cancellationToken);
        if (!await ProductImages.LockProductAsync(productId, transaction, cancellationToken)) return Problem.NotFound("product").ToResult();

        await using (var command = new NpgsqlCommand(
            """
            update product_images i set position = o.place
            from unnest($2::uuid[]) with ordinality o (image_id, place)
            where i.image_id = o.image_id and i.product_id = $1
              and (select count(*) from product_images where product_id = $1) = cardinality($2)
            """, transaction.Connection, transaction.Transaction))
        {
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = productId });
            command.Parameters.Add(new NpgsqlParameter<Guid[]> { TypedValue = [.. request.ImageIds] });
            if (await command.ExecuteNonQueryAsync(cancellationToken) != request.ImageIds.Count) return others.ToResult();
        }
        await ProductImages.ChangedAsync(productId, transaction, clock.GetUtcNow(), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(new OrderedImages([.. request.ImageIds.Select(imageId => new ProductImage(imageId, ProductImages.Url(imageId)))]));
    }
}
