using Npgsql;
using Rosa.Platform.Identity;

namespace Rosa.Catalog;

/// <summary>The catalog's part of the file in which a person gets all that is held about them: what they bought and what they said of it.</summary>
static class GetPersonalData
{
    public static async Task<IResult> Handle(PersonalDataRequest request, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(
            """
            select json_strip_nulls(json_build_object(
              'purchases', (
                select json_agg(json_build_object('productId', product_id, 'orderId', order_id) order by order_id, product_id) from purchases where user_id = $1),
              'ratings', (
                select json_agg(json_build_object('productId', product_id, 'stars', stars, 'comment', comment,
                  'ratedAt', to_char(rated_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"')) order by rated_at)
                from ratings where user_id = $1)))::text
            """);
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = request.UserId });
        return TypedResults.Text((string)(await command.ExecuteScalarAsync(cancellationToken))!, "application/json");
    }
}
