using System.ComponentModel.DataAnnotations;
using Dapper;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;
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
        Guid productId, ChangeInventoryRequest request, Caller caller, ServiceDatabase database, StockFeed feed, IOptions<CatalogOptions> options, TimeProvider clock, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var change = request.Quantity!.Value;
        await using var transaction = await database.BeginAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            with changed as (
              update stock set available = available + $2
              where product_id = $1 and for_sale and available::bigint + $2 between 0 and $6
              returning available, low_at
            ), entered as (
              insert into stock_movements (product_id, at, change, available, reason, employee_id)
              select $1, $3, $2, available, $4, $5 from changed
            )
            select available, low_at, (select title from products where product_id = $1) from changed
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
        if (await ReadAsync(productId, change, command, cancellationToken) is not { } changed)
            return (await WhyNotAsync(productId, change, transaction, cancellationToken)).ToResult();

        var (shelf, title) = changed;
        var available = shelf.Available;
        await transaction.PublishAsync(new StockChanged(productId, available, change, request.Reason, now), cancellationToken);
        if (shelf.RunsLow(options.Value.LowStock)) await transaction.PublishAsync(new StockLow(productId, title, available, shelf.LowAt ?? options.Value.LowStock, now), cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        feed.Changed(productId);
        return TypedResults.Ok(new InventoryAnswer(productId, available));
    }

    static async Task<(ShelfChange Shelf, string Title)?> ReadAsync(Guid productId, int change, NpgsqlCommand command, CancellationToken cancellationToken)
    {
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) return null;
        var available = row.GetInt32(0);
        return (new ShelfChange(productId, available - change, available, row.IsDBNull(1) ? null : row.GetInt32(1)), row.GetString(2));
    }

    static async Task<Problem> WhyNotAsync(Guid productId, int change, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        var available = await transaction.Connection.ExecuteScalarAsync<int?>(new CommandDefinition(
            "select available from stock where product_id = @productId and for_sale", new { productId }, transaction.Transaction, cancellationToken: cancellationToken));
        if (available is null) return Problem.NotFound("product");
        return change < 0 ? ProductProblems.BelowZero(available.Value, change) : ProductProblems.TooMany;
    }
}
