using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Contracts.Catalog;
using Rosa.Platform.Database;

namespace Rosa.Catalog;

/// <summary><c>DELETE /api/products/{productId}</c>: takes a product from sale. What is already reserved may still be bought.</summary>
static class WithdrawProduct
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(
        Guid productId, HttpContext http, ServiceDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        await using var transaction = await database.BeginAsync(cancellationToken);
        await using var withdraw = new NpgsqlCommand(
            """
            with withdrawn as (
              update products
              set withdrawn_at = $2, changed_at = $2, version = version + 1
              where product_id = $1 and withdrawn_at is null and ($3::int[] is null or version = any($3))
              returning product_id
            )
            update stock s set for_sale = false from withdrawn where s.product_id = withdrawn.product_id
            """, transaction.Connection, transaction.Transaction)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = productId },
                new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime },
                new NpgsqlParameter
                {
                    Value = (object?)EntityTag.Versions(http.Request) ?? DBNull.Value,
                    NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Array | NpgsqlTypes.NpgsqlDbType.Integer,
                },
            },
        };
        if (await withdraw.ExecuteNonQueryAsync(cancellationToken) == 0)
            return (await ChangeProduct.WhyNotAsync(productId, transaction, cancellationToken)).ToResult();

        await transaction.PublishAsync(new ProductWithdrawn(productId, now), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.NoContent();
    }
}
