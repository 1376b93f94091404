using System.ComponentModel.DataAnnotations;
using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;

namespace Rosa.Orders;

/// <summary>What was sold on one day, in UTC: orders that were confirmed and not cancelled since.</summary>
/// <param name="Revenue">What was paid for them, in the shop's currency.</param>
public sealed record SalesOfDay(DateOnly Day, int Orders, decimal Revenue);

/// <param name="Title">As it was when it was sold last.</param>
public sealed record BestSeller(Guid ProductId, string Title, long Units, decimal Revenue);

/// <param name="ByStatus">How many orders there are in each status; statuses without orders are left out.</param>
/// <param name="Days">Every day of the time asked for, the oldest first, today last.</param>
/// <param name="BestSellers">The five products of which most units were sold in the last seven days.</param>
public sealed record OrderSummary(IReadOnlyDictionary<string, long> ByStatus, IReadOnlyList<SalesOfDay> Days, IReadOnlyList<BestSeller> BestSellers);

/// <summary><c>GET /api/orders/summary?days=</c>: figures for those who run the shop.</summary>
static class SummariseOrders
{
    const string Sold = "status in ('CONFIRMED', 'PROCESSING', 'SHIPPED', 'DELIVERED')";

    public static async Task<Ok<OrderSummary>> Handle(OrdersDb db, TimeProvider clock, CancellationToken cancellationToken, [Range(1, 366)] int days = 30)
    {
        var today = DateOnly.FromDateTime(clock.GetUtcNow().UtcDateTime);
        await using var batch = db.Source.CreateBatch();
        batch.BatchCommands.Add(new("select status, count(*) from order_views group by status"));
        batch.BatchCommands.Add(new(
            $"""
            select (placed_at at time zone 'UTC')::date, count(*)::int, sum((document ->> 'finalAmount')::numeric)
            from order_views where placed_at >= $1 and {Sold} group by 1
            """)
        { Parameters = { Start(today.AddDays(1 - days)) } });
        batch.BatchCommands.Add(new(
            $"""
            select (item ->> 'productId')::uuid, (array_agg(item ->> 'title' order by placed_at desc))[1], sum((item ->> 'quantity')::int) as units, sum((item ->> 'lineTotal')::numeric)
            from order_views, jsonb_array_elements(document -> 'items') item
            where placed_at >= $1 and {Sold} group by 1 order by units desc, 1 limit 5
            """)
        { Parameters = { Start(today.AddDays(-6)) } });

        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        var byStatus = new Dictionary<string, long>();
        while (await reader.ReadAsync(cancellationToken)) byStatus[reader.GetString(0)] = reader.GetInt64(1);
        await reader.NextResultAsync(cancellationToken);
        var sales = new Dictionary<DateOnly, SalesOfDay>();
        while (await reader.ReadAsync(cancellationToken))
        {
            var day = reader.GetFieldValue<DateOnly>(0);
            sales[day] = new SalesOfDay(day, reader.GetInt32(1), reader.GetDecimal(2));
        }
        await reader.NextResultAsync(cancellationToken);
        var best = new List<BestSeller>();
        while (await reader.ReadAsync(cancellationToken)) best.Add(new(reader.GetGuid(0), reader.GetString(1), reader.GetInt64(2), reader.GetDecimal(3)));

        var all = Enumerable.Range(0, days).Select(i => today.AddDays(1 - days + i)).Select(day => sales.GetValueOrDefault(day) ?? new SalesOfDay(day, Orders: 0, Revenue: 0));
        return TypedResults.Ok(new OrderSummary(byStatus, [.. all], best));
    }

    static NpgsqlParameter Start(DateOnly day) => new NpgsqlParameter<DateTime> { TypedValue = day.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc) };
}
