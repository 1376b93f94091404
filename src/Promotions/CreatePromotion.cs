using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Contracts.Promotions;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Promotions;

static class CreatePromotionEndpoint
{
    public static async Task<Results<Created<PromotionView>, ProblemHttpResult>> Handle(
        PromotionTerms request, Caller caller, ServiceDatabase database, CancellationToken cancellationToken)
    {
        if (PromotionTerms.CheckCode(request.Code) is { } wrongCode) return wrongCode.ToResult();
        if (request.Check() is { } wrong) return wrong.ToResult();

        var promotion = request.ToPromotion(Promotion.Normalise(request.Code!));
        var change = database.Events.ChangeAndTell(
            """
            changed as (
              insert into promotions
                (code, discount_percentage, discount_amount, valid_from, valid_until, max_uses, max_uses_per_user, min_cart_total, category, automatic)
              values ($5, $6, $7, $8, $9, $10, $11, $12, $13, $14)
              on conflict do nothing
              returning *),
            noted as (
              insert into promotion_changes (code, action, changed_by, terms) select code, 'CREATED', $15, to_jsonb(changed) from changed)
            """,
            new PromoCreated(promotion.Code, promotion.DiscountPercentage, promotion.DiscountAmount, promotion.ValidFrom, promotion.ValidUntil, promotion.Automatic));
        PromotionRow.AddTo(change.Parameters, promotion);
        change.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = caller.UserId!.Value });
        return await database.ChangeAsync(change, cancellationToken)
            ? TypedResults.Created($"/api/promotions/{promotion.Code}", PromotionView.Of(promotion))
            : CodeTaken.ToResult();
    }

    static readonly Problem CodeTaken = new(ProblemKind.Conflict, "CODE_TAKEN", "There is a promotion of this code already, or there was one that was used. Take another code.");
}
