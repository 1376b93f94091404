using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Contracts.Catalog;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <param name="Quantity">The signed change, not zero.</param>
/// <param name="Reason">Why, for the history.</param>
public sealed record ChangeInventoryRequest(
    [Required, Range(-1_000_000, 1_000_000), NotZero] int? Quantity, [Required, PlainText, StringLength(200, MinimumLength = 1)] string Reason);

/// <param name="NewQuantity">What can be bought now.</param>
public sealed record InventoryAnswer(Guid ProductId, int NewQuantity);

[AttributeUsage(AttributeTargets.Property | AttributeTargets.Parameter)]
sealed class NotZeroAttribute() : ValidationAttribute("{0} is zero: there is nothing to change.")
{
    public override bool IsValid(object? value) => value is not 0;
}

/// <summary><c>PATCH /api/products/{productId}/inventory</c>: goods arrived, broke, or were counted.</summary>
static class ChangeInventory
{
    const int Most = 1_000_000_000;

    public static async Task<Results<Ok<InventoryAnswer>, ProblemHttpResult>> Handle(
        Guid productId, ChangeInventoryRequest request, Caller caller, ServiceDatabase database, StockFeed feed, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var change = request.Quantity!.Value;
        await using var transaction = await database.BeginAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            with changed as (
              update stock set available = available + $2
              where product_id = $1 and for_sale and available::bigint + $2 between 0 and $6
              returning available
            )
            insert into stock_movements (product_id, at, change, available, reason, employee_id)
            select $1, $3, $2, available, $4, $5 from changed
            returning available
            """, transaction.Connection, transaction.Transaction)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = productId },
                new NpgsqlParameter<int> { TypedValue = change },
                new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime },
                new NpgsqlParameter<string> { TypedValue = request.Reason },
                new NpgsqlParameter<Guid> { TypedValue = caller.UserId!.Value },
                new NpgsqlParameter<int> { TypedValue = Most },
            },
        };
        if (await command.ExecuteScalarAsync(cancellationToken) is not int available)
            return (await WhyNotAsync(productId, change, transaction, cancellationToken)).ToResult();

        await transaction.PublishAsync(new StockChanged(productId, available, change, request.Reason, now), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        feed.Publish(productId, available);
        return TypedResults.Ok(new InventoryAnswer(productId, available));
    }

    static async Task<Problem> WhyNotAsync(Guid productId, int change, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        var available = await transaction.Connection.ExecuteScalarAsync<int?>(new CommandDefinition(
            "select available from stock where product_id = @productId and for_sale", new { productId }, transaction.Transaction, cancellationToken: cancellationToken));
        if (available is null) return Problem.NotFound("product");
        return change < 0 ? ProductProblems.BelowZero(available.Value, change) : ProductProblems.TooMany;
    }
}
