using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Promotions;

/// <summary>New terms for a code. Uses stay counted.</summary>
static class ChangePromotionEndpoint
{
    public static async Task<Results<Ok<PromotionView>, ProblemHttpResult>> Handle(
        string promoCode, PromotionTerms request, Caller caller, ServiceDatabase database, CancellationToken cancellationToken)
    {
        var code = Promotion.Normalise(promoCode);
        if (request.Code is not null && Promotion.Normalise(request.Code) != code) return Problem.Validation("code", "A code cannot be renamed. Create another one.").ToResult();
        if (request.Check() is { } wrong) return wrong.ToResult();

        await using var command = database.Source.CreateCommand(
            $"""
            with p as (
              update promotions
              set discount_percentage = $2, discount_amount = $3, valid_from = $4, valid_until = $5,
                  max_uses = $6, max_uses_per_user = $7, min_cart_total = $8, category = $9, automatic = $10
              where code = $1 and withdrawn_at is null
              returning *),
            noted as (
              insert into promotion_changes (code, action, changed_by, terms) select code, 'CHANGED', $11, to_jsonb(p) from p)
            select {Promotion.Columns} from p
            """);
        PromotionRow.AddTo(command.Parameters, request.ToPromotion(code));
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = caller.UserId!.Value });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? TypedResults.Ok(PromotionView.Of(Promotion.Read(reader)))
            : Problem.NotFound("promotion").ToResult();
    }
}
