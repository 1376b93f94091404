using Npgsql;
using Rosa.Contracts.Promotions;
using Rosa.Platform.Database;
using Rosa.Platform.Grpc;

namespace Rosa.Promotions;

/// <summary>The discounts that are in the prices now, without a code.</summary>
sealed class ListActiveDiscounts(ServiceDatabase database, TimeProvider clock)
{
    public async Task<ActiveDiscountsResponse> HandleAsync(ActiveDiscountsRequest request, GrpcCallContext context)
    {
        await using var command = database.Source.CreateCommand(
            """
            select code, category, discount_percentage, discount_amount
            from promotions
            where automatic and withdrawn_at is null and valid_from <= $1 and valid_until > $1
            order by code
            limit 1000
            """);
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = clock.GetUtcNow().UtcDateTime });
        var response = new ActiveDiscountsResponse();
        await using var reader = await command.ExecuteReaderAsync(context.CancellationToken);
        while (await reader.ReadAsync(context.CancellationToken))
        {
            response.Discounts.Add(new AutomaticDiscount
            {
                Code = reader.GetString(0),
                Category = reader.IsDBNull(1) ? "" : reader.GetString(1),
                DiscountBasisPoints = PromotionMessages.ToBasisPoints(reader.IsDBNull(2) ? null : reader.GetDecimal(2)),
                DiscountCents = PromotionMessages.ToCents(reader.IsDBNull(3) ? null : reader.GetDecimal(3)),
            });
        }
        return response;
    }
}
