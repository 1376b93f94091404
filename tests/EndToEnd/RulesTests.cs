using Npgsql;

namespace Rosa.EndToEnd.Tests;

/// <summary>The check that the races and crashes lean on sees what is wrong.</summary>
public sealed class RulesTests(ITestOutputHelper output)
{
    /// <summary>Of a shop with one order, whose two units were paid with a promo code.</summary>
    static readonly (string Database, string Falsify, string Mend, string Complaint)[] falsifications =
    [
        ("orders", "update order_views set status = 'CANCELLED'", "update order_views set status = 'CONFIRMED'", "is kept"),
        ("orders", "update order_views set status = 'PENDING'", "update order_views set status = 'CONFIRMED'", "stays PENDING"),
        ("catalog", "update reservations set state = 3", "update reservations set state = 2", "its stock RELEASED"),
        ("catalog", "update stock set reserved = reserved + 1", "update stock set reserved = reserved - 1", "reserved and 0 held"),
        ("catalog", "update stock set available = available - 1", "update stock set available = available + 1", "its history sums up to"),
        ("payments", "update test_provider_charges set state = 'DECLINED'", "update test_provider_charges set state = 'CAPTURED'", "was taken"),
        ("payments", "update test_provider_charges set refunded = amount", "update test_provider_charges set refunded = 0", "was taken"),
        ("promotions", "update redemptions set released_at = now()", "update redemptions set released_at = null", "its promo use is lost"),
        ("promotions", "update promotions set usage_count = usage_count + 1", "update promotions set usage_count = usage_count - 1", "uses and has"),
        ("notifications", "update notifications set event = 'OrderLost' where event = 'OrderCreated'", "update notifications set event = 'OrderCreated' where event = 'OrderLost'", "has 0 mails"),
    ];

    [Fact]
    public async Task Every_falsified_row_is_found()
    {
        await using var shop = await RunningShop.StartAsync();
        await shop.NewPromoAsync("TEN");
        var (_, token) = await shop.NewCustomerAsync();
        Assert.Equal(201, (await shop.OrderAsync(token, RunningShop.OrderOf(await shop.NewProductAsync(quantity: 5), quantity: 2, promoCode: "TEN"))).Status);

        foreach (var (database, falsify, mend, complaint) in falsifications)
        {
            Assert.Empty(await Rules.BrokenAsync(shop));
            await RunAsync(shop, database, falsify);
            Assert.Contains(await Rules.BrokenAsync(shop), broken => broken.Contains(complaint, StringComparison.Ordinal));
            await RunAsync(shop, database, mend);
        }
        output.WriteLine($"rules: {falsifications.Length} falsified rows, each found");
    }

    static async Task RunAsync(RunningShop shop, string database, string sql)
    {
        await using var connection = await shop.AsOwnerAsync(database);
        await using var command = new NpgsqlCommand(sql, connection);
        Assert.True(await command.ExecuteNonQueryAsync() > 0, sql);
    }
}
