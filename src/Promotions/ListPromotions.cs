using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;

namespace Rosa.Promotions;

public sealed record PromotionList(IReadOnlyList<PromotionView> Promotions, long Total, int Page, int Limit);

/// <summary>The promotions that are not withdrawn, newest first.</summary>
static class ListPromotionsEndpoint
{
    public static async Task<Ok<PromotionList>> Handle(
        ServiceDatabase database, CancellationToken cancellationToken, [Range(1, int.MaxValue)] int page = 1, [Range(1, 100)] int limit = 20)
    {
        await using var batch = database.Source.CreateBatch();
        batch.BatchCommands.Add(new NpgsqlBatchCommand("select count(*) from promotions where withdrawn_at is null"));
        batch.BatchCommands.Add(new NpgsqlBatchCommand(
            $"""
            select {Promotion.Columns} from promotions p
            where p.withdrawn_at is null
            order by p.created_at desc, p.code
            offset $1 limit $2
            """)
        {
            Parameters = { new NpgsqlParameter<long> { TypedValue = (page - 1L) * limit }, new NpgsqlParameter<int> { TypedValue = limit } },
        });

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var total = reader.GetInt64(0);
        await reader.NextResultAsync(cancellationToken);
        var promotions = new List<PromotionView>();
        while (await reader.ReadAsync(cancellationToken)) promotions.Add(PromotionView.Of(Promotion.Read(reader)));
        return TypedResults.Ok(new PromotionList(promotions, total, page, limit));
    }
}
