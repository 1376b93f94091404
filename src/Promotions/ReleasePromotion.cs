using Npgsql;
using Rosa.Contracts.Promotions;
using Rosa.Platform.Database;
using Rosa.Platform.Grpc;

namespace Rosa.Promotions;

/// <summary>
/// The use of an order no longer counts. Repeating it changes nothing; for an order without a use it leaves a row that keeps a late
/// redeem away.
/// </summary>
/// <remarks>
/// The customer's row is there whenever the use is, but this statement may have begun before a redeem that it waited for had
/// committed it. An update would not see the row; an insert that conflicts with it does. The code's own row is counted down at first from
/// the count before that redeem, then anew from what it locked: without the zero, the check on the column would refuse the first.
/// </remarks>
sealed class ReleasePromotion(ServiceDatabase database)
{
    public async Task<ReleaseRedemptionResponse> HandleAsync(ReleaseRedemptionRequest request, GrpcCallContext context)
    {
        var orderId = PromotionMessages.ToId(request.OrderId, "order_id");

        // A release takes the order's row and then the code's, redeems that share a transaction the code's and then the orders': one of them may have to give way.
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await ReleaseAsync(orderId, context.CancellationToken);
                return new ReleaseRedemptionResponse();
            }
            catch (PostgresException exception) when (exception.SqlState == PostgresErrorCodes.DeadlockDetected && attempt < 5)
            {
            }
        }
    }

    async Task ReleaseAsync(Guid orderId, CancellationToken cancellationToken)
    {
        await using var command = database.Source.CreateCommand(
            """
            with released as (
              insert into redemptions (order_id, released_at) values ($1, now())
              on conflict (order_id) do update set released_at = now() where redemptions.released_at is null
              returning code, user_id),
            code_use as (
              update promotions p set usage_count = greatest(p.usage_count - 1, 0) from released where p.code = released.code
              returning p.code, released.user_id)
            insert into promotion_users (code, user_id, uses) select code, user_id, 0 from code_use
            on conflict (code, user_id) do update set uses = promotion_users.uses - 1
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = orderId });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}
