using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;

namespace Rosa.Promotions;

/// <summary>This service's part of the file in which a person gets all that is held about them (<see cref="PersonalData"/>).</summary>
static class GetPersonalData
{
    public static Task<ContentHttpResult> Handle(PersonalDataRequest request, ServiceDatabase database, CancellationToken cancellationToken) =>
        PersonalData.ReadAsync(database, request,
            """
            select jsonb_build_object('redemptions', coalesce(jsonb_agg(jsonb_build_object(
              'code', code, 'orderId', order_id, 'discount', discount, 'redeemedAt', redeemed_at, 'releasedAt', released_at) order by redeemed_at), '[]'))::text
            from redemptions where order_id = any($2) and user_id = $1
            """, cancellationToken);
}
