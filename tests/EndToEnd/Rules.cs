using Npgsql;

namespace Rosa.EndToEnd.Tests;

/// <summary>
/// What must never be, looked up in the databases of all services at rest: sold more than there was, two charges for one order, a charge
/// without an order or a refund, an order at no end, a promo use lost or counted twice, an event lost, an effect twice.
/// </summary>
static class Rules
{
    /// <summary>Waits until the shop has come to rest, and returns every broken rule.</summary>
    public static async Task<IReadOnlyList<string>> BrokenAsync(RunningShop shop)
    {
        var broken = await LookAsync(shop);
        // Between two databases an event is with the broker for a moment, where it cannot be counted.
        for (var i = 0; shop.HasManyProcesses && broken.Count > 0 && i < 300; i++)
        {
            await Task.Delay(100);
            broken = await LookAsync(shop);
        }
        return broken;
    }

    static async Task<List<string>> LookAsync(RunningShop shop)
    {
        await AtRestAsync(shop);
        var orders = await OrdersAsync(shop);
        var holds = await PairsAsync(shop, "catalog", "select order_id, case state when 1 then 'HELD' when 2 then 'COMMITTED' when 3 then 'RELEASED' else 'EXPIRED' end from reservations");
        var charges = await PairsAsync(shop, "payments",
            "select p.order_id, count(l.charge_key) filter (where l.state = 'CAPTURED') || ' ' || coalesce(sum(l.amount) filter (where l.state = 'CAPTURED'), 0) - coalesce(sum(l.refunded), 0) from payments p left join test_provider_ledger l on l.charge_key = p.payment_id group by p.order_id");
        var redemptions = await PairsAsync(shop, "promotions", "select order_id, (released_at is null)::text from redemptions");
        var mails = await PairsAsync(shop, "notifications", "select order_id, count(*)::text from notifications where event = 'OrderCreated' and channel = 'email' group by order_id");

        var broken = new List<string>();
        foreach (var (orderId, (status, promoCode, amount)) in orders)
        {
            var hold = holds.GetValueOrDefault(orderId, "none");
            var (captured, kept) = charges.GetValueOrDefault(orderId, "0 0").Split(' ') is [var count, var money] ? (int.Parse(count), decimal.Parse(money)) : (0, 0m);
            var promo = redemptions.GetValueOrDefault(orderId) == "true";
            if (captured > 1) broken.Add($"order {orderId} was charged {captured} times");
            if (status is "CONFIRMED" or "PROCESSING" or "SHIPPED" or "DELIVERED")
            {
                if (kept != amount) broken.Add($"order {orderId} is {status} and {kept} of {amount} was taken");
                if (hold != "COMMITTED") broken.Add($"order {orderId} is {status} and its stock {hold}");
                if (promoCode is not null && !promo) broken.Add($"order {orderId} is {status} and its promo use is lost");
                if (mails.GetValueOrDefault(orderId) != "1") broken.Add($"order {orderId} is {status} and has {mails.GetValueOrDefault(orderId, "0")} mails");
            }
            else
            {
                if (status is not ("CANCELLED" or "REJECTED")) broken.Add($"order {orderId} stays {status}");
                if (kept != 0) broken.Add($"order {orderId} is {status} and {kept} is kept");
                if (hold is "HELD" or "COMMITTED") broken.Add($"order {orderId} is {status} and its stock {hold}");
                if (promo) broken.Add($"order {orderId} is {status} and its promo use counts");
            }
        }
        broken.AddRange(charges.Keys.Where(orderId => !orders.ContainsKey(orderId)).Select(orderId => $"a payment for order {orderId}, which is not"));
        broken.AddRange(holds.Where(hold => !orders.ContainsKey(hold.Key) && hold.Value == "COMMITTED").Select(hold => $"stock sold to order {hold.Key}, which is not"));
        broken.AddRange(await ListAsync(shop, "catalog",
            """
            select 'product ' || s.product_id || ' has ' || s.reserved || ' reserved and ' || coalesce(held.quantity, 0) || ' held'
            from stock s left join (
              select l.product_id, sum(l.quantity) quantity from reservations r join reservation_lines l using (order_id) where r.state = 1 group by l.product_id) held using (product_id)
            where s.reserved <> coalesce(held.quantity, 0)
            """));
        broken.AddRange(await ListAsync(shop, "catalog",
            """
            select 'product ' || s.product_id || ' has ' || s.available || ' available and ' || s.reserved || ' reserved, and its history sums up to ' || coalesce(sum(m.change), 0)
            from stock s left join stock_movements m using (product_id)
            group by s.product_id having s.available + s.reserved <> coalesce(sum(m.change), 0)
            """));
        broken.AddRange(await ListAsync(shop, "promotions",
            """
            select 'code ' || p.code || ' counts ' || p.usage_count || ' uses and has ' || count(r.order_id)
            from promotions p left join redemptions r on r.code = p.code and r.released_at is null
            group by p.code, p.usage_count having p.usage_count <> count(r.order_id)
            """));
        return broken;
    }

    /// <summary>No saga, payment, refund, event or message is under way any more.</summary>
    public static async Task AtRestAsync(RunningShop shop)
    {
        (string Database, string Sql)[] moving =
        [
            ("orders", "select count(*) from checkouts"),
            ("payments", "select (select count(*) from payments where status = 'PENDING') + (select count(*) from refunds where status = 'PENDING')"),

            // In the order in which an event travels, so that none is missed between two looks.
            ("users", "select count(*) from outbox"), ("catalog", "select count(*) from outbox"), ("orders", "select count(*) from outbox"),
            ("payments", "select count(*) from outbox"), ("promotions", "select count(*) from outbox"),
            ("notifications", "select count(*) from inbox where handled_at is null and parked_at is null"),
        ];
        var until = DateTimeOffset.UtcNow.AddSeconds(150);
        foreach (var (database, sql) in moving)
        {
            await using var connection = await shop.ReadAsync(database);
            await using var command = new NpgsqlCommand(sql, connection);
            while ((long)(await command.ExecuteScalarAsync())! > 0)
            {
                if (DateTimeOffset.UtcNow > until) Assert.Fail($"The shop does not come to rest: {database}: {sql}\n{await UnderWayAsync(shop)}");
                await Task.Delay(100);
            }
        }
    }

    /// <summary>The sagas under way, and what the shop last complained of: what to begin with when one does not end.</summary>
    static async Task<string> UnderWayAsync(RunningShop shop)
    {
        await using var connection = await shop.ReadAsync("orders");
        await using var command = new NpgsqlCommand(
            """
            select concat_ws(' ', now(), c.order_id, 'due', c.due_at,
              (select string_agg(e.at || ' ' || e.type, ', ' order by e.version) from order_events e where e.order_id = c.order_id),
              (select 'troubles: ' || string_agg(concat_ws(' ', t.at, t.step, t.trouble), ', ' order by t.at) from checkout_troubles t where t.order_id = c.order_id))
            from checkouts c
            """, connection);
        var lines = new List<string> { shop.HasEnded ? "The host has ended." : "The host runs." };
        await using var reader = await command.ExecuteReaderAsync();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        lines.AddRange(shop.Said.Where(line => line.Contains("\"Warning\"", StringComparison.Ordinal) || line.Contains("\"Error\"", StringComparison.Ordinal)).TakeLast(30));
        return string.Join('\n', lines);
    }

    /// <summary>Every stream there is, also of orders that no customer sees.</summary>
    static async Task<Dictionary<Guid, (string Status, string? PromoCode, decimal Amount)>> OrdersAsync(RunningShop shop)
    {
        await using var connection = await shop.ReadAsync("orders");
        await using var command = new NpgsqlCommand(
            """
            select e.order_id,
                   coalesce(v.status, case when exists (select from order_events r where r.order_id = e.order_id and r.type = 'Rejected') then 'REJECTED' else 'PENDING' end),
                   e.data ->> 'promoCode', coalesce((v.document ->> 'finalAmount')::numeric, 0)
            from order_events e left join order_views v using (order_id)
            where e.version = 1
            """, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var orders = new Dictionary<Guid, (string, string?, decimal)>();
        while (await reader.ReadAsync()) orders.Add(reader.GetGuid(0), (reader.GetString(1), reader.IsDBNull(2) ? null : reader.GetString(2), reader.GetDecimal(3)));
        return orders;
    }

    static async Task<Dictionary<Guid, string>> PairsAsync(RunningShop shop, string database, string sql)
    {
        await using var connection = await shop.ReadAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var pairs = new Dictionary<Guid, string>();
        while (await reader.ReadAsync())
            if (!reader.IsDBNull(0)) pairs.Add(reader.GetGuid(0), reader.GetString(1));
        return pairs;
    }

    static async Task<List<string>> ListAsync(RunningShop shop, string database, string sql)
    {
        await using var connection = await shop.ReadAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync();
        var lines = new List<string>();
        while (await reader.ReadAsync()) lines.Add(reader.GetString(0));
        return lines;
    }
}
