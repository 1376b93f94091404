using Npgsql;
using NpgsqlTypes;
using Rosa.Platform.Database;

namespace Rosa.Recommendations;

/// <summary>What somebody bought in one order.</summary>
/// <param name="OrderId">The same order is counted once.</param>
sealed record Purchase(Guid OrderId, Guid UserId, DateTimeOffset BoughtAt, IEnumerable<Guid> ProductIds);

/// <summary>
/// The graph of who bought what, and the counts that are drawn from it. Whatever is counted, is counted in one statement, and taken back by the
/// order's own row.
/// </summary>
/// <remarks>
/// Writers take turns (<see cref="Lock"/>): the inbox handles many orders in a transaction, and two instances that count the same favourites in
/// another order would wait for each other. Bounds: <see cref="Paired"/> products of an order are paired, with each other and with the
/// <see cref="Earlier"/> products last bought before.
/// </remarks>
static class Purchases
{
    const int Paired = 20;
    const int Earlier = 3;

    /// <summary>Bought one after the other says less than bought together.</summary>
    const string FollowerShare = "0.5";

    /// <summary>"Buys".</summary>
    const long TurnKey = 0x42757973;

    /// <summary>The pairs that an order of these columns adds to the counts, in both directions.</summary>
    static readonly string pairs =
        $"""
        select a as product_id, b as other_id, 1 as together, weight
        from counted, unnest(products[1:{Paired}]) a, unnest(products[1:{Paired}]) b
        where a <> b
        union all
        select a, b, 0, weight * {FollowerShare}
        from counted, unnest(products[1:{Paired}]) bought, unnest(earlier) before, lateral (values (bought, before), (before, bought)) directions (a, b)
        """;

    static readonly string count =
        $"""
        with counted as (
          insert into orders (order_id, user_id, animal_type, bought_at, weight, products, earlier)
          select $1, $2, animal_type, $3, $4, $5,
            array(select product_id from purchases where user_id = $2 and product_id <> all ($5) order by last_bought_at desc, product_id limit {Earlier})
          from customers
          where user_id = $2 and not forgotten
          on conflict do nothing
          returning user_id, animal_type, bought_at, weight, products, earlier
        ), edges as (
          insert into purchases (user_id, product_id, orders, last_bought_at)
          select user_id, product_id, 1, bought_at from counted, unnest(products) product_id
          on conflict (user_id, product_id) do update
          set orders = purchases.orders + 1, last_bought_at = greatest(purchases.last_bought_at, excluded.last_bought_at)
        ), popular as (
          insert into popularity (animal_type, product_id, orders, weight)
          select animal, product_id, 1, weight from counted, unnest(products) product_id, unnest(array['', animal_type]) animal where animal is not null
          on conflict (product_id, animal_type) do update
          set orders = popularity.orders + 1, weight = popularity.weight + excluded.weight
        )
        insert into co_purchases (product_id, other_id, together, orders, weight)
        select product_id, other_id, together, 1, weight from ({pairs}) pairs
        on conflict (product_id, other_id) do update
        set together = co_purchases.together + excluded.together, orders = co_purchases.orders + 1, weight = co_purchases.weight + excluded.weight
        """;

    /// <summary>A count that would come to nothing is deleted, so that no remainder of a subtraction stays.</summary>
    static readonly string takeBack =
        $"""
        with counted as (
          delete from orders where order_id = $1 returning user_id, animal_type, weight, products, earlier
        ), pairs as ({pairs}
        ), bought as (
          select user_id, product_id from counted, unnest(products) product_id
        ), animals as (
          select animal, product_id, weight from counted, unnest(products) product_id, unnest(array['', animal_type]) animal where animal is not null
        ), edges_gone as (
          delete from purchases p using bought b where p.user_id = b.user_id and p.product_id = b.product_id and p.orders = 1
        ), edges as (
          update purchases p set orders = p.orders - 1 from bought b where p.user_id = b.user_id and p.product_id = b.product_id and p.orders > 1
        ), popular_gone as (
          delete from popularity p using animals a where p.product_id = a.product_id and p.animal_type = a.animal and p.orders = 1
        ), popular as (
          update popularity p set orders = p.orders - 1, weight = p.weight - a.weight
          from animals a where p.product_id = a.product_id and p.animal_type = a.animal and p.orders > 1
        ), pairs_gone as (
          delete from co_purchases c using pairs p where c.product_id = p.product_id and c.other_id = p.other_id and c.orders = 1
        )
        update co_purchases c set orders = c.orders - 1, together = c.together - p.together, weight = c.weight - p.weight
        from pairs p where c.product_id = p.product_id and c.other_id = p.other_id and c.orders > 1
        """;

    /// <summary>First in every transaction that writes counts: it is held until the end of it.</summary>
    public static NpgsqlBatchCommand Lock() => new($"select pg_advisory_xact_lock({TurnKey})");

    /// <summary>Counts an order, unless it is counted already or its customer is forgotten.</summary>
    public static IEnumerable<NpgsqlBatchCommand> Count(Purchase purchase)
    {
        Guid[] products = [.. purchase.ProductIds.Distinct()];
        if (products.Length == 0) yield break;

        yield return new("insert into customers (user_id) values ($1) on conflict do nothing") { Parameters = { Id(purchase.UserId) } };
        yield return new(count)
        {
            Parameters =
            {
                Id(purchase.OrderId), Id(purchase.UserId),
                new NpgsqlParameter<DateTime> { TypedValue = purchase.BoughtAt.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz },
                new NpgsqlParameter<double> { TypedValue = Recency.WeightAt(purchase.BoughtAt) },
                new NpgsqlParameter<Guid[]> { TypedValue = products },
            },
        };
    }

    /// <summary>Takes an order out of the counts again, if it is in them.</summary>
    public static NpgsqlBatchCommand TakeBack(Guid orderId) => new(takeBack) { Parameters = { Id(orderId) } };

    /// <summary>Does all of this in the transaction of an event, when it is this service's turn.</summary>
    public static async Task WriteAsync(DatabaseTransaction transaction, IEnumerable<NpgsqlBatchCommand> commands, CancellationToken cancellationToken)
    {
        await using var batch = new NpgsqlBatch(transaction.Connection, transaction.Transaction);
        batch.BatchCommands.Add(Lock());
        foreach (var command in commands) batch.BatchCommands.Add(command);
        await batch.ExecuteNonQueryAsync(cancellationToken);
    }

    static NpgsqlParameter<Guid> Id(Guid id) => new() { TypedValue = id };
}
