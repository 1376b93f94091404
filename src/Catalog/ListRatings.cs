using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Rosa.Catalog;

/// <param name="UserId">Who wrote it; the id of nobody once the account was deleted.</param>
public sealed record RatingEntry(Guid ProductId, string Title, Guid UserId, int Stars, string? Comment, DateTime RatedAt);

public sealed record RatingPage(IReadOnlyList<RatingEntry> Ratings, int Total, int Page, int Limit);

/// <summary><c>GET /api/products/ratings</c>: what customers said of all products, the latest first, for employees.</summary>
static class ListRatings
{
    const string Wanted = "from ratings r join products p using (product_id) where ($1::uuid is null or r.product_id = $1) and ($2::int is null or r.stars = $2)";

    public static async Task<Ok<RatingPage>> Handle(
        NpgsqlDataSource source, CancellationToken cancellationToken, Guid? productId = null, [Range(1, 5)] int? stars = null,
        [Range(1, 10_000)] int page = 1, [Range(1, 100)] int limit = 20)
    {
        await using var batch = source.CreateBatch();
        batch.BatchCommands.Add(new($"select count(*)::int {Wanted}"));
        batch.BatchCommands.Add(new($"select r.product_id, p.title, r.user_id, r.stars, r.comment, r.rated_at {Wanted} order by r.rated_at desc, r.product_id, r.user_id limit $3 offset $4"));
        foreach (var command in batch.BatchCommands)
        {
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)productId ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Uuid });
            command.Parameters.Add(new NpgsqlParameter { Value = (object?)stars ?? DBNull.Value, NpgsqlDbType = NpgsqlTypes.NpgsqlDbType.Integer });
        }
        batch.BatchCommands[1].Parameters.Add(new NpgsqlParameter<int> { TypedValue = limit });
        batch.BatchCommands[1].Parameters.Add(new NpgsqlParameter<int> { TypedValue = (page - 1) * limit });

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var total = reader.GetInt32(0);
        await reader.NextResultAsync(cancellationToken);
        var ratings = new List<RatingEntry>();
        while (await reader.ReadAsync(cancellationToken))
            ratings.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetGuid(2), reader.GetInt32(3), reader.IsDBNull(4) ? null : reader.GetString(4), reader.GetDateTime(5)));
        return TypedResults.Ok(new RatingPage(ratings, total, page, limit));
    }
}
