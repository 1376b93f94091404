using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <param name="By">The employee who entered it; null for a sale.</param>
/// <param name="Change">How many units came or went.</param>
/// <param name="NewQuantity">What could be bought right after.</param>
/// <param name="Reason">What the employee wrote; <c>first stock</c>, <c>sale</c>, <c>sale cancelled</c>.</param>
/// <param name="OrderId">The order of a sale.</param>
public sealed record InventoryChange(DateTimeOffset At, Guid? By, int Change, int NewQuantity, string Reason, Guid? OrderId);

public sealed record InventoryHistoryPage(IReadOnlyList<InventoryChange> Changes, int Total, int Page, int Limit);

/// <summary><c>GET /api/products/{productId}/inventory/history</c>: every change, the latest first; of withdrawn products too.</summary>
static class InventoryHistory
{
    public static async Task<Results<Ok<InventoryHistoryPage>, ProblemHttpResult>> Handle(
        Guid productId, NpgsqlDataSource source, CancellationToken cancellationToken, [Range(1, 10_000)] int page = 1, [Range(1, 100)] int limit = 20)
    {
        await using var connection = await source.OpenConnectionAsync(cancellationToken);
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(
            """
            select count(m.movement_id)::int
            from products p
            left join stock_movements m using (product_id)
            where product_id = @productId
            group by product_id;

            select at, employee_id as by, change, available as new_quantity, reason, order_id
            from stock_movements
            where product_id = @productId
            order by movement_id desc
            limit @limit offset @offset;
            """, new { productId, limit, offset = (page - 1) * limit }, cancellationToken: cancellationToken));
        var total = await results.ReadSingleOrDefaultAsync<int?>();
        if (total is null) return Problem.NotFound("product").ToResult();
        return TypedResults.Ok(new InventoryHistoryPage([.. await results.ReadAsync<InventoryChange>()], total.Value, page, limit));
    }
}
