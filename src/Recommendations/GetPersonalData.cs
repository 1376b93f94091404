using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Database;
using Rosa.Platform.Identity;

namespace Rosa.Recommendations;

/// <summary>This service's part of the file in which a person gets all that is held about them (<see cref="PersonalData"/>).</summary>
static class GetPersonalData
{
    public static Task<ContentHttpResult> Handle(PersonalDataRequest request, ServiceDatabase database, CancellationToken cancellationToken) =>
        PersonalData.ReadAsync(database, request,
            """
            select jsonb_build_object(
              'animalType', (select animal_type from customers where user_id = $1),
              'purchases', (select coalesce(jsonb_agg(jsonb_build_object('productId', product_id, 'orders', orders, 'lastBoughtAt', last_bought_at) order by last_bought_at, product_id), '[]')
                            from purchases where user_id = $1))::text
            """, cancellationToken);
}
