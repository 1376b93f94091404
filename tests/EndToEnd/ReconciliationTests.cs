using System.Text.Json;
using Npgsql;

namespace Rosa.EndToEnd.Tests;

/// <summary>Rows of money, stock and promo uses falsified by hand: the reconciliation finds each, mends what it may, and reports the rest.</summary>
public sealed class ReconciliationTests(ITestOutputHelper output)
{
    /// <param name="Falsify">SQL by database. <c>{sold}</c> and <c>{cancelled}</c> are orders, <c>{nobody}</c> is none.</param>
    /// <param name="TakeBack">What a person does about what is only reported.</param>
    sealed record Case(string Code, bool Mended, (string Database, string Sql)[] Falsify, (string Database, string Sql)[]? TakeBack = null);

    static readonly Case[] cases =
    [
        new("STOCK_NOT_COMMITTED", true, [("catalog",
            "update reservations set state = 1 where order_id = '{sold}'; update stock set reserved = reserved + 2; delete from stock_movements where order_id = '{sold}'")]),
        new("SOLD_WITHOUT_STOCK", false, [("catalog", "update reservations set state = 3 where order_id = '{sold}'")], [("catalog", "update reservations set state = 2 where order_id = '{sold}'")]),
        new("STOCK_KEPT", true, [("catalog",
            "update reservations set state = 2 where order_id = '{cancelled}'; update stock set available = available - 2; delete from stock_movements where order_id = '{cancelled}' and change > 0")]),
        new("RESERVED_STOCK", true, [("catalog", "update stock set reserved = reserved + 1")]),
        new("STOCK_HISTORY", false, [("catalog", "update stock set available = available - 1")], [("catalog", "update stock set available = available + 1")]),
        new("UNDERPAID", false, [("payments", "update payments set amount = amount - 1 where order_id = '{sold}'")], [("payments", "update payments set amount = amount + 1 where order_id = '{sold}'")]),
        new("OVERPAID", false, [("payments", "update payments set amount = amount + 1 where order_id = '{sold}'")], [("payments", "update payments set amount = amount - 1 where order_id = '{sold}'")]),
        new("PROVIDER_DISAGREES", true, [("payments", "update payments set status = 'DECLINED' where order_id = '{sold}'")]),
        new("PROVIDER_DISAGREES", false, [("payments", "update test_provider_charges set state = 'DECLINED' where reference = '{sold}'")], [("payments", "update test_provider_charges set state = 'CAPTURED' where reference = '{sold}'")]),
        new("MONEY_KEPT", true, [("payments",
            """
            delete from refunds; delete from test_provider_refunds; update test_provider_charges set refunded = 0 where reference = '{cancelled}';
            update payments set status = 'CAPTURED', refund_claimed = 0, refunded_amount = 0 where order_id = '{cancelled}'
            """)]),
        new("MONEY_KEPT", true, [("payments",
            """
            insert into payments (payment_id, order_id, amount, currency, method, status, next_attempt_at) values ('{nobody}', '{nobody}', 7, 'EUR', 'card', 'CAPTURED', now());
            insert into test_provider_charges (charge_key, reference, amount, currency, state) values ('{nobody}', '{nobody}', 7, 'EUR', 'CAPTURED')
            """)]),
        new("REFUNDS", false, [("payments", "update refunds set amount = amount - 1")], [("payments", "update refunds set amount = amount + 1 where amount <> 7")]),
        new("PROMO_COUNT", true, [("promotions", "update promotions set usage_count = usage_count + 1")]),
        new("PROMO_COUNT", true, [("promotions", "update promotion_users set uses = uses + 1")]),
        new("PROMO_USE_KEPT", true, [("promotions", "update redemptions set released_at = null where order_id = '{cancelled}'; update promotions set usage_count = usage_count + 1; update promotion_users set uses = uses + 1")]),
        new("PROMO_USE_LOST", false, [("promotions", "update redemptions set released_at = now() where order_id = '{sold}'")],
            [("promotions", "update redemptions set released_at = null where order_id = '{sold}'; update promotions set usage_count = 1; update promotion_users set uses = 1")]),
        new("VIEW", true, [("orders", "update order_views set document = jsonb_set(document, '{{finalAmount}}', '1') where order_id = '{sold}'")]),
        new("VIEW", true, [("orders", "delete from order_views where order_id = '{cancelled}'")]),
    ];

    [Fact]
    public async Task Every_falsified_row_is_found_and_what_may_be_mended_is()
    {
        await using var shop = await RunningShop.StartAsync(environment: [("Orders__ReconcileAfter", "00:00:00")]);
        var (sold, cancelled) = await SellAsync(shop);
        var nobody = Guid.CreateVersion7();
        string Sql(string text) => text.Replace("{sold}", sold, StringComparison.Ordinal).Replace("{cancelled}", cancelled, StringComparison.Ordinal)
            .Replace("{nobody}", nobody.ToString(), StringComparison.Ordinal).Replace("{{", "{", StringComparison.Ordinal).Replace("}}", "}", StringComparison.Ordinal);

        Assert.Empty(await ReconcileAsync(shop));
        foreach (var falsified in cases)
        {
            foreach (var (database, sql) in falsified.Falsify) await RunAsync(shop, database, Sql(sql));
            var found = await ReconcileAsync(shop);
            Assert.True(found.Contains((falsified.Code, falsified.Mended)), $"{Sql(falsified.Falsify[0].Sql)} was found as {string.Join(", ", found)} and not as {falsified.Code}, mended {falsified.Mended}");
            foreach (var (database, sql) in falsified.TakeBack ?? []) await RunAsync(shop, database, Sql(sql));
            var left = await ReconcileAsync(shop);
            Assert.True(left.Count == 0, $"after {falsified.Code}: {string.Join(", ", left)}");
        }
        output.WriteLine($"reconciliation: {cases.Length} falsifications found, {cases.Count(falsified => falsified.Mended)} mended");

        var (_, page) = await shop.SendAsync(HttpMethod.Get, "/api/orders/reconciliation?limit=100", shop.EmployeeToken);
        Assert.Superset(cases.Select(falsified => falsified.Code).ToHashSet(), page.GetProperty("findings").EnumerateArray().Select(finding => finding.GetProperty("code").GetString()!).ToHashSet());
        Assert.Equal(2, page.GetProperty("latestRun").GetProperty("orders").GetInt32());
    }

    [Fact]
    public async Task Orders_that_are_made_while_it_looks_are_no_disagreement()
    {
        await using var shop = await RunningShop.StartAsync(environment: [("Orders__ReconcileAfter", "00:00:00")]);
        var product = await shop.NewProductAsync(quantity: 10_000);
        await shop.NewPromoAsync("TEN");
        var (_, token) = await shop.NewCustomerAsync();
        using var enough = new CancellationTokenSource();
        var buying = Task.WhenAll(Enumerable.Range(0, 4).Select(_ => BuyAndCancelAsync(shop, product, token, enough.Token)));
        var findings = new List<(string, bool)>();
        for (var run = 0; run < 20; run++) findings.AddRange(await ReconcileAsync(shop));
        await enough.CancelAsync();
        await buying;
        Assert.Empty(findings);
        Assert.Empty(await Rules.BrokenAsync(shop));
    }

    static async Task BuyAndCancelAsync(RunningShop shop, Guid product, string token, CancellationToken enough)
    {
        while (!enough.IsCancellationRequested)
        {
            var (_, order) = await shop.OrderAsync(token, RunningShop.OrderOf(product, promoCode: "TEN"));
            await shop.SendAsync(HttpMethod.Post, $"/api/orders/{order.GetProperty("orderId").GetGuid()}/cancel", token, new { reason = "changed my mind" });
        }
    }

    /// <summary>One order that stands and one that was cancelled after it was paid, both of two units and with a promo code.</summary>
    static async Task<(string Sold, string Cancelled)> SellAsync(RunningShop shop)
    {
        await shop.NewPromoAsync("TEN");
        var product = await shop.NewProductAsync(quantity: 10);
        var (_, token) = await shop.NewCustomerAsync();
        var (_, sold) = await shop.OrderAsync(token, RunningShop.OrderOf(product, quantity: 2, promoCode: "TEN"));
        var (_, cancelled) = await shop.OrderAsync(token, RunningShop.OrderOf(product, quantity: 2, promoCode: "TEN"));
        var (status, _) = await shop.SendAsync(HttpMethod.Post, $"/api/orders/{cancelled.GetProperty("orderId").GetGuid()}/cancel", token, new { reason = "changed my mind" });
        Assert.Equal(200, status);
        await Rules.AtRestAsync(shop);
        return (sold.GetProperty("orderId").GetString()!, cancelled.GetProperty("orderId").GetString()!);
    }

    static async Task<List<(string Code, bool Mended)>> ReconcileAsync(RunningShop shop)
    {
        var (status, report) = await shop.SendAsync(HttpMethod.Post, "/api/orders/reconciliation", shop.EmployeeToken, new { });
        Assert.True(status == 200, $"{status} {report}");
        return [.. report.GetProperty("findings").EnumerateArray().Select(finding => (finding.GetProperty("code").GetString()!, finding.GetProperty("mended").GetBoolean()))];
    }

    static async Task RunAsync(RunningShop shop, string database, string sql)
    {
        await using var connection = await shop.AsOwnerAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync();
    }
}
