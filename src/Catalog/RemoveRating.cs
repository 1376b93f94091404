using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <summary><c>DELETE /api/products/{productId}/ratings/{userId}</c>: an employee takes down what breaks the shop's rules; its stars no longer count.</summary>
static class RemoveRating
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid productId, Guid userId, ServiceDatabase database, CancellationToken cancellationToken)
    {
        await using var transaction = await database.BeginAsync(cancellationToken);

        // The product first, as whoever rates it does.
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction.Transaction);
        batch.BatchCommands.Add(new("select from products where product_id = $1 for no key update") { Parameters = { Id(productId) } });
        batch.BatchCommands.Add(new(
            """
            with removed as (delete from ratings where product_id = $1 and user_id = $2 returning stars)
            update products set rating_count = rating_count - 1, rating_sum = rating_sum - stars from removed where product_id = $1
            """)
        { Parameters = { Id(productId), Id(userId) } });
        await batch.ExecuteNonQueryAsync(cancellationToken);
        if (batch.BatchCommands[1].RecordsAffected == 0) return Problem.NotFound("rating").ToResult();
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }

    static NpgsqlParameter Id(Guid id) => new NpgsqlParameter<Guid> { TypedValue = id };
}
