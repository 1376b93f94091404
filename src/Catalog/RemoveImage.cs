using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <summary><c>DELETE /api/products/{productId}/images/{imageId}</c>: nobody is shown it from now on; the store is rid of it soon after.</summary>
static class RemoveImage
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid productId, Guid imageId, ServiceDatabase database, UnusedImages unused, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await database.BeginAsync(cancellationToken);
        if (!await ProductImages.LockProductAsync(productId, transaction, cancellationToken)) return Problem.NotFound("product").ToResult();
        await using (var command = new NpgsqlCommand(
            """
            with removed as (
              delete from product_images where image_id = $2 and product_id = $1 returning stored_as
            ), unused as (
              insert into unused_images (name, due_at) select stored_as, $3 from removed where stored_as is not null
            )
            select count(*) from removed
            """, transaction.Connection, transaction.Transaction))
        {
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = productId });
            command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = imageId });
            command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime });
            if (await command.ExecuteScalarAsync(cancellationToken) is 0L) return Problem.NotFound("image").ToResult();
        }
        await ProductImages.ChangedAsync(productId, transaction, now, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        unused.Wake();
        return TypedResults.NoContent();
    }
}
