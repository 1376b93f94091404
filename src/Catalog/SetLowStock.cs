using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <param name="LowAt">Units; null for the shop's own figure.</param>
public sealed record SetLowStockRequest([Range(0, 1_000_000)] int? LowAt);

/// <summary><c>PUT /api/products/{productId}/inventory/threshold</c>: an employee says from how few units on they want to be told.</summary>
static class SetLowStock
{
    public static async Task<Results<NoContent, ProblemHttpResult>> Handle(Guid productId, SetLowStockRequest request, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("update stock set low_at = $2 where product_id = $1 and for_sale");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = productId });
        command.Parameters.Add(new NpgsqlParameter { Value = (object?)request.LowAt ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer });
        return await command.ExecuteNonQueryAsync(cancellationToken) == 0 ? Problem.NotFound("product").ToResult() : TypedResults.NoContent();
    }
}
