using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;

namespace Rosa.Orders;

/// <summary>This service's part of the file in which a person gets all that is held about them (<see cref="PersonalData"/>).</summary>
static class GetPersonalData
{
    public static Task<ContentHttpResult> Handle(PersonalDataRequest request, ServiceDatabase database, CancellationToken cancellationToken) =>
        PersonalData.ReadAsync(database, request,
            """
            select jsonb_build_object(
              'orders', (select coalesce(jsonb_agg(document order by placed_at), '[]') from order_views where user_id = $1),
              'cart', (select coalesce(jsonb_agg(jsonb_build_object('productId', product_id, 'quantity', quantity, 'addedAt', added_at) order by added_at), '[]')
                       from cart_lines where owner = $1 and not is_guest))::text
            """, cancellationToken);
}
