using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Promotions;

static class GetPromotionEndpoint
{
    public static async Task<Results<Ok<PromotionView>, ProblemHttpResult>> Handle(
        string promoCode, Caller caller, ServiceDatabase database, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand($"select {Promotion.Columns} from promotions p where p.code = $1 and p.withdrawn_at is null");
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Promotion.Normalise(promoCode) });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? TypedResults.Ok(PromotionView.Of(Promotion.Read(reader)).For(caller))
            : Problem.NotFound("promotion").ToResult();
    }
}
