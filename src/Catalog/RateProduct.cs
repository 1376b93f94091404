using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using NpgsqlTypes;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <param name="Stars">One to five.</param>
/// <param name="Comment">What everybody may read; nothing or null for none.</param>
public sealed record RateProductRequest([Required, Range(1, 5)] int? Stars, [PlainText, StringLength(2_000)] string? Comment = null);

/// <param name="Rating">Of all who rated the product.</param>
public sealed record RatedProduct(Guid ProductId, int Stars, string? Comment, DateTimeOffset RatedAt, RatingSummary Rating);

/// <summary><c>PUT /api/products/{productId}/ratings</c>: a customer says what they think of what they bought. Saying it again replaces it.</summary>
static class RateProduct
{
    static readonly Problem NotBought = new(ProblemKind.Forbidden, "NOT_BOUGHT", "Only who has bought this product may rate it.");

    public static async Task<Results<Ok<RatedProduct>, ProblemHttpResult>> Handle(
        Guid productId, RateProductRequest request, Caller caller, ServiceDatabase database, TimeProvider clock, CancellationToken cancellationToken)
    {
        var userId = caller.UserId!.Value;
        await using var transaction = await database.BeginAsync(cancellationToken);
        var (isForSale, wasBought, starsBefore) = await LockAsync(productId, userId, transaction, cancellationToken);
        if (!isForSale) return Problem.NotFound("product").ToResult();
        if (!wasBought) return NotBought.ToResult();

        var comment = string.IsNullOrWhiteSpace(request.Comment) ? null : request.Comment.Trim();
        var rated = await WriteAsync(productId, userId, request.Stars!.Value, starsBefore, comment, clock.GetUtcNow(), transaction, cancellationToken);
        await transaction.CommitAsync(cancellationToken);
        return TypedResults.Ok(rated);
    }

    /// <summary>Ratings of one product are written one after the other: its average follows them.</summary>
    static async Task<(bool IsForSale, bool WasBought, int? StarsBefore)> LockAsync(
        Guid productId, Guid userId, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction.Transaction);
        batch.BatchCommands.Add(new("select product_id from products where product_id = $1 and withdrawn_at is null for no key update") { Parameters = { Id(productId) } });
        batch.BatchCommands.Add(new(
            """
            select exists (select from purchases where user_id = $2 and product_id = $1),
              (select stars from ratings where product_id = $1 and user_id = $2)
            """)
        {
            Parameters = { Id(productId), Id(userId) },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var isForSale = await reader.ReadAsync(cancellationToken);
        await reader.NextResultAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return (isForSale, reader.GetBoolean(0), reader.IsDBNull(1) ? null : reader.GetInt32(1));
    }

    static async Task<RatedProduct> WriteAsync(
        Guid productId, Guid userId, int stars, int? before, string? comment, DateTimeOffset now, DatabaseTransaction transaction, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction.Transaction);
        batch.BatchCommands.Add(new(
            """
            insert into ratings (product_id, user_id, stars, comment, rated_at) values ($1, $2, $3, $4, $5)
            on conflict (product_id, user_id) do update set stars = excluded.stars, comment = excluded.comment, rated_at = excluded.rated_at
            """)
        {
            Parameters =
            {
                Id(productId), Id(userId), Number(stars), new NpgsqlParameter { Value = (object?)comment ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
                new NpgsqlParameter<DateTime> { TypedValue = now.UtcDateTime },
            },
        });
        batch.BatchCommands.Add(new(
            "update products set rating_count = rating_count + $2, rating_sum = rating_sum + $3 where product_id = $1 returning rating_count, rating_sum")
        {
            Parameters = { Id(productId), Number(before is null ? 1 : 0), Number(stars - (before ?? 0)) },
        });
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        return new RatedProduct(productId, stars, comment, now, RatingSummary.Of(reader.GetInt32(0), reader.GetInt32(1)));
    }

    static NpgsqlParameter Id(Guid id) => new NpgsqlParameter<Guid> { TypedValue = id };

    static NpgsqlParameter Number(int number) => new NpgsqlParameter<int> { TypedValue = number };
}
