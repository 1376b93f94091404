using System.ComponentModel.DataAnnotations;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Contracts.Promotions;
using Rosa.Platform.Database;
using Rosa.Platform.Grpc;
using Rosa.Platform.Identity;
using Rosa.Platform.Problems;

namespace Rosa.Promotions;

/// <param name="UserId">Whose uses count. Ignored when the caller is signed in: then it is the caller.</param>
/// <param name="Items">The lines of the cart; needed for codes bound to a category.</param>
public sealed record ValidatePromotionRequest(
    [Required, MaxLength(100)] string PromoCode, [Required, Range(0, 9_999_999_999.99)] decimal? CartTotal, Guid? UserId, [MaxLength(200), NoneMissing] IReadOnlyList<ValidateItem>? Items);

/// <param name="Category">The slug of the product's category.</param>
/// <param name="Price">For one.</param>
public sealed record ValidateItem(
    Guid? ProductId, [MaxLength(200)] string? Category, [Required, Range(0, 9_999_999_999.99)] decimal? Price, [Range(1, 10_000)] int Quantity = 1);

/// <param name="Reason">When it is not valid: <c>CODE_UNKNOWN</c>, <c>CODE_EXPIRED</c>, <c>CODE_NOT_STARTED</c>, <c>CODE_EXHAUSTED</c>, <c>ALREADY_USED</c> or <c>CART_TOO_SMALL</c>.</param>
/// <param name="DiscountPercentage">Left out for a fixed amount.</param>
public sealed record ValidatePromotionAnswer(
    bool IsValid,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Reason = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] decimal? DiscountPercentage = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] decimal? DiscountAmount = null,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] decimal? FinalTotal = null);

/// <summary>What a code would take off this cart now. Counts nothing.</summary>
sealed class ValidatePromotion(ServiceDatabase database, Categories categories, TimeProvider clock)
{
    public static async Task<Results<Ok<ValidatePromotionAnswer>, ProblemHttpResult>> Handle(
        ValidatePromotionRequest request, Caller caller, ValidatePromotion validate, CancellationToken cancellationToken)
    {
        if (decimal.Round(request.CartTotal!.Value, 2) != request.CartTotal) return Problem.Validation("cartTotal", "An amount has two decimals at most.").ToResult();
        if (request.Items?.Any(item => decimal.Round(item.Price!.Value, 2) != item.Price) == true) return Problem.Validation("items.price", "An amount has two decimals at most.").ToResult();

        var cart = new Cart(request.CartTotal.Value, [.. (request.Items ?? []).Select(item => new CartLine(validate.PathOf(item.Category), item.Price!.Value * item.Quantity))]);
        var (promotion, decision) = await validate.DecideAsync(request.PromoCode, caller.UserId ?? request.UserId, cart, cancellationToken);
        return TypedResults.Ok(decision.IsValid
            ? new ValidatePromotionAnswer(true, null, promotion!.DiscountPercentage, decision.Discount, cart.Total - decision.Discount)
            : new ValidatePromotionAnswer(false, decision.Reason));
    }

    public async Task<PromotionAnswer> HandleAsync(ValidateRequest request, GrpcCallContext context)
    {
        var cart = PromotionMessages.ToCart(request.CartTotalCents, request.Lines, categories);
        var userId = request.UserId.Length == 0 ? (Guid?)null : PromotionMessages.ToId(request.UserId, "user_id");
        var (promotion, decision) = await DecideAsync(request.Code, userId, cart, context.CancellationToken);
        return PromotionMessages.ToAnswer(decision, promotion);
    }

    string[] PathOf(string? category) => categories.PathOf(category);

    async Task<(Promotion? Promotion, Decision Decision)> DecideAsync(string code, Guid? userId, Cart cart, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            $"""
            select {Promotion.Columns}, u.uses
            from promotions p left join promotion_users u on u.code = p.code and u.user_id = $2
            where p.code = $1 and p.withdrawn_at is null
            """);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = Promotion.Normalise(code) });
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = userId ?? Guid.Empty });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        var (promotion, uses) = await reader.ReadAsync(cancellationToken) ? ReadWithUses(reader) : (null, 0);
        return (promotion, Discount.Decide(promotion, cart, uses, clock.GetUtcNow()));
    }

    /// <summary>Reads <see cref="Promotion.Columns"/> followed by the customer's uses.</summary>
    public static (Promotion Promotion, int Uses) ReadWithUses(NpgsqlDataReader reader) =>
        (Promotion.Read(reader), reader.IsDBNull(Promotion.ColumnCount) ? 0 : reader.GetInt32(Promotion.ColumnCount));
}
