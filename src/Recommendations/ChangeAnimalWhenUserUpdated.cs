using Npgsql;
using NpgsqlTypes;
using Rosa.Contracts.Users;
using Rosa.Platform.Database;
using Rosa.Platform.Messaging;

namespace Rosa.Recommendations;

/// <summary>Whose animal somebody buys for. What they bought so far is counted for the new animal instead of the old one.</summary>
sealed class ChangeAnimalWhenUserUpdated : IEventHandler<UserUpdated>
{
    const string Sql =
        """
        with customer as (
          insert into customers (user_id, animal_type) values ($1, $2)
          on conflict (user_id) do update set animal_type = excluded.animal_type
          where not customers.forgotten and customers.animal_type is distinct from excluded.animal_type
          returning user_id, animal_type
        ), moved as (
          select order_id, o.animal_type, weight, products from customer join orders o using (user_id) where o.animal_type is distinct from $2
        ), marked as (
          update orders o set animal_type = $2 from moved where o.order_id = moved.order_id
        ), bought as (
          select animal_type, product_id, count(*)::int as orders, sum(weight) as weight from moved, unnest(products) product_id group by animal_type, product_id
        ), gone as (
          delete from popularity p using bought b where p.product_id = b.product_id and p.animal_type = b.animal_type and p.orders <= b.orders
        ), less as (
          update popularity p set orders = p.orders - b.orders, weight = p.weight - b.weight
          from bought b where p.product_id = b.product_id and p.animal_type = b.animal_type and p.orders > b.orders
        )
        insert into popularity (animal_type, product_id, orders, weight)
        select $2, product_id, sum(orders)::int, sum(weight) from bought where $2 is not null group by product_id
        on conflict (product_id, animal_type) do update
        set orders = popularity.orders + excluded.orders, weight = popularity.weight + excluded.weight
        """;

    public Task HandleAsync(UserUpdated happened, EventEnvelope envelope, DatabaseTransaction transaction, CancellationToken cancellationToken) =>
        Purchases.WriteAsync(transaction, [new NpgsqlBatchCommand(Sql)
        {
            Parameters =
            {
                new NpgsqlParameter<Guid> { TypedValue = happened.UserId },
                new NpgsqlParameter { Value = (object?)happened.AnimalType ?? DBNull.Value, NpgsqlDbType = NpgsqlDbType.Text },
            },
        }], cancellationToken);
}
