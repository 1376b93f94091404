using System.Diagnostics;
using Npgsql;
using NpgsqlTypes;
using Rosa.Cli.Load;

namespace Rosa.Cli.Chaos.Faults;

/// <summary>What went wrong with what people bought; all of it is 0 in a shop that keeps its promise.</summary>
/// <param name="Lost">Orders that their customers were told of and that are not confirmed.</param>
/// <param name="Doubled">Orders more than were wanted.</param>
/// <param name="ChargedTwice">Orders paid more than once.</param>
/// <param name="ChargedForNothing">Payments kept for an order that is not confirmed.</param>
/// <param name="NotCharged">Confirmed orders without a payment.</param>
/// <param name="Oversold">Units sold that there were not, or that stock and orders disagree about.</param>
/// <param name="Untold">Confirmed orders of which nobody was told by a message: an event lost.</param>
sealed record Damage(long Lost, long Doubled, long ChargedTwice, long ChargedForNothing, long NotCharged, long Oversold, long Untold)
{
    public long Sum => Lost + Doubled + ChargedTwice + ChargedForNothing + NotCharged + Oversold + Untold;
}

/// <summary>Compares what people were told with the databases, read by the role that can change nothing.</summary>
sealed class ShopBooks(RosaInstance rosa)
{
    /// <summary>Longer than two retries of an event, shorter than the third.</summary>
    static readonly TimeSpan settledWithin = TimeSpan.FromMinutes(2);

    static readonly string[] withEvents = ["users", "catalog", "promotions", "payments", "orders", "notifications", "recommendations"];

    /// <summary>Units of every product that can still be bought.</summary>
    public Task<long> AvailableAsync(CancellationToken cancellationToken) => NumberAsync("catalog", "select coalesce(sum(available), 0)::bigint from stock", [], cancellationToken);

    /// <summary>Waits until nothing is under way any more: no checkout, no reserved stock, no event unheard. What still is after two minutes is damage, and said.</summary>
    public async Task SettleAsync(CancellationToken cancellationToken)
    {
        for (var begin = Stopwatch.GetTimestamp(); ; await Task.Delay(250, cancellationToken))
        {
            var underWay = await UnderWayAsync(cancellationToken);
            if (underWay.Count == 0) return;
            if (Stopwatch.GetElapsedTime(begin) > settledWithin) throw new BenchFailure($"Two minutes after the load there still are {string.Join(", ", underWay)}.");
        }
    }

    async Task<IReadOnlyList<string>> UnderWayAsync(CancellationToken cancellationToken)
    {
        var found = new List<string>();
        async Task LookAsync(string service, string what, string sql)
        {
            if (await NumberAsync(service, sql, [], cancellationToken) is > 0 and var number) found.Add($"{number} {what}");
        }
        await LookAsync("orders", "checkouts under way", "select count(*) from checkouts");
        await LookAsync("catalog", "units reserved", "select coalesce(sum(reserved), 0)::bigint from stock");
        foreach (var service in withEvents)
        {
            await LookAsync(service, $"events not sent by {service}", "select count(*) from outbox");
            await LookAsync(service, $"events not handled by {service}", "select count(*) from inbox where handled_at is null");
        }
        return found;
    }

    /// <param name="availableBefore">Of <see cref="AvailableAsync"/> before anybody bought.</param>
    public async Task<Damage> CompareAsync(Shoppers shoppers, long availableBefore, CancellationToken cancellationToken)
    {
        var confirmed = new Dictionary<Guid, long>();
        await ReadAsync("orders",
            """
            select order_id, (select sum((item ->> 'quantity')::bigint) from jsonb_array_elements(document -> 'items') item)::bigint
            from order_views where user_id = any($1) and status = 'CONFIRMED'
            """, shoppers.People, row => confirmed[row.GetGuid(0)] = row.GetInt64(1), cancellationToken);
        var captured = new List<Guid>();
        // As the payment provider has it, which is what the customer's bank would say.
        await ReadAsync("payments", "select reference from test_provider_ledger where state = 'CAPTURED' and refunded < amount", [], row => captured.Add(Guid.Parse(row.GetString(0))), cancellationToken);
        var told = new HashSet<Guid>();
        await ReadAsync("notifications", "select distinct order_id from notifications where user_id = any($1) and event = 'OrderCreated'", shoppers.People, row => told.Add(row.GetGuid(0)), cancellationToken);

        var heard = shoppers.Told.Where(order => order.Status == "CONFIRMED").Select(order => order.OrderId).ToHashSet();
        var ofOthers = await OrdersOfOthersAsync(shoppers, cancellationToken);
        var ours = captured.Where(orderId => !ofOthers.Contains(orderId)).ToList();
        var units = availableBefore - await AvailableAsync(cancellationToken);
        return new Damage(
            Lost: heard.Count(orderId => !confirmed.ContainsKey(orderId)),
            Doubled: Math.Max(0, confirmed.Count - shoppers.Keys),
            ChargedTwice: ours.GroupBy(orderId => orderId).Count(payments => payments.Count() > 1),
            ChargedForNothing: ours.Distinct().Count(orderId => !confirmed.ContainsKey(orderId)),
            NotCharged: confirmed.Keys.Except(ours).Count(),
            Oversold: Math.Abs(units - confirmed.Values.Sum()),
            Untold: confirmed.Keys.Except(told).Count());
    }

    /// <summary>Those of earlier runs, whose payments are not ours to judge.</summary>
    async Task<HashSet<Guid>> OrdersOfOthersAsync(Shoppers shoppers, CancellationToken cancellationToken)
    {
        var others = new HashSet<Guid>();
        await ReadAsync("orders", "select order_id from order_views where not (user_id = any($1))", shoppers.People, row => others.Add(row.GetGuid(0)), cancellationToken);
        return others;
    }

    async Task<long> NumberAsync(string service, string sql, IReadOnlyList<Guid> users, CancellationToken cancellationToken)
    {
        long number = 0;
        await ReadAsync(service, sql, users, row => number = row.GetInt64(0), cancellationToken);
        return number;
    }

    async Task ReadAsync(string service, string sql, IReadOnlyList<Guid> users, Action<NpgsqlDataReader> row, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(rosa.Addresses.ReadOnly(service));
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 60 };
        if (sql.Contains("$1", StringComparison.Ordinal)) command.Parameters.Add(new NpgsqlParameter { Value = users.ToArray(), NpgsqlDbType = NpgsqlDbType.Array | NpgsqlDbType.Uuid });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken)) row(reader);
    }
}
