using Npgsql;
using Rosa.Cli.Load;

namespace Rosa.Cli.Seed;

/// <summary>
/// A history of orders: copies of the newest confirmed order, with ids, times and customers of their own, in every table of every
/// service that keeps a row an order. A copy of what the shop itself has written is never out of date with how it writes.
/// </summary>
static class PastOrders
{
    const int Customers = 50_000;
    const int OverDays = 365;
    const int AtOnce = 100_000;

    // The n-th past order in all databases alike: oldest first, the id a version 7 UUID of its time.
    const string Copies =
        """
        (select n, at, (lpad(to_hex((extract(epoch from at) * 1000)::bigint), 12, '0') || '7' || substr(md5(n::text), 1, 3) || '8' || substr(md5(n::text), 4, 15))::uuid as id,
           ('00000000000070008' || substr(md5((n % $4)::text), 1, 15))::uuid as customer
         from (select n, $5::timestamptz - n * interval '1 second' * $6 as at from generate_series($2::int, $3::int) n) numbered) copies
        """;

    static readonly (string Service, string Table, string Sql)[] tables =
    [
        ("orders", "order_events", $"insert into order_events (order_id, version, type, data, at) select id, version, type, data, copies.at from order_events, {Copies} where order_id = $1 on conflict do nothing"),
        ("orders", "order_views",
            $"""
            insert into order_views (order_id, user_id, status, placed_at, document)
            select id, customer, status, copies.at, document || jsonb_build_object('orderId', id, 'userId', customer, 'placedAt', copies.at) from order_views, {Copies} where order_id = $1 on conflict do nothing
            """),
        ("payments", "payments",
            $"""
            insert into payments (payment_id, order_id, idempotency_key, amount, currency, method, status, next_attempt_at, created_at, settled_at)
            select id, id, 'past ' || n, amount, currency, method, status, copies.at, copies.at, copies.at from payments, {Copies} where order_id = $1 on conflict do nothing
            """),
        ("catalog", "reservations", $"insert into reservations (order_id, state, expires_at, changed_at) select id, state, copies.at, copies.at from reservations, {Copies} where order_id = $1 on conflict do nothing"),
        ("catalog", "reservation_lines", $"insert into reservation_lines (order_id, product_id, quantity) select id, product_id, quantity from reservation_lines, {Copies} where order_id = $1 on conflict do nothing"),
        ("catalog", "stock_movements",
            $"""
            insert into stock_movements (product_id, at, change, available, reason, order_id)
            select product_id, copies.at, change, available, reason, id from stock_movements, {Copies} where order_id = $1
            """),
    ];

    /// <param name="say">Told how far it is.</param>
    public static async Task LoadAsync(DatabaseAccess databases, int count, Action<string> say, CancellationToken cancellationToken)
    {
        var (newest, placedAt) = await NewestOrderAsync(databases, cancellationToken);
        foreach (var (service, table, sql) in tables)
        {
            await using var connection = new NpgsqlConnection(databases.ConnectionString(service));
            await connection.OpenAsync(cancellationToken);
            for (var first = 1; first <= count; first += AtOnce)
            {
                await using var insert = new NpgsqlCommand(sql, connection) { CommandTimeout = 600 };
                insert.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = newest });
                insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = first });
                insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Math.Min(count, first + AtOnce - 1) });
                insert.Parameters.Add(new NpgsqlParameter<int> { TypedValue = Customers });
                insert.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = placedAt });
                insert.Parameters.Add(new NpgsqlParameter<double> { TypedValue = OverDays * 86_400d / count });
                await insert.ExecuteNonQueryAsync(cancellationToken);
            }
            await using var tidy = new NpgsqlCommand($"vacuum analyze {table}", connection) { CommandTimeout = 600 };
            await tidy.ExecuteNonQueryAsync(cancellationToken);
            say($"{count:N0} in {service}.{table}");
        }

        // Otherwise the next measurement pays for writing them out.
        await using var owner = new NpgsqlConnection(databases.AsOwner("postgres"));
        await owner.OpenAsync(cancellationToken);
        await using var checkpoint = new NpgsqlCommand("checkpoint", owner) { CommandTimeout = 600 };
        await checkpoint.ExecuteNonQueryAsync(cancellationToken);
    }

    static async Task<(Guid OrderId, DateTime PlacedAt)> NewestOrderAsync(DatabaseAccess databases, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(databases.ConnectionString("orders"));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand("select order_id, placed_at from order_views where status = 'CONFIRMED' order by placed_at desc, order_id desc limit 1", connection);
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        return await reader.ReadAsync(cancellationToken)
            ? (reader.GetGuid(0), reader.GetDateTime(1))
            : throw new BenchFailure("Past orders are copies of the newest confirmed order, and there is none: buy something first.");
    }
}
