using System.Collections.Concurrent;
using System.Text.Json;
using Rosa.Platform.Resilience;

namespace Rosa.EndToEnd.Tests;

/// <summary>
/// The process ends on the spot at every named point, is started again, and whatever was under way comes to a right end by itself.
/// </summary>
public sealed class CrashTests(ITestOutputHelper output)
{
    /// <summary>Two shops at once: much of the time is waiting for one to die and to come back.</summary>
    [Fact]
    public async Task Dying_at_any_point_breaks_no_rule()
    {
        var points = new ConcurrentQueue<string>(CrashPoint.All.Keys);
        var reached = await Task.WhenAll(DieAsync(), DieAsync());
        Assert.Equal(CrashPoint.All.Count, reached.Sum());
        output.WriteLine($"crash points: {reached.Sum()} of {CrashPoint.All.Count}");

        async Task<int> DieAsync()
        {
            await using var shop = await RunningShop.StartMortalAsync();
            await shop.NewPromoAsync("TEN");
            var count = 0;
            for (; points.TryDequeue(out var point); count++) await DieAtAsync(shop, point);
            Assert.Empty(await Rules.BrokenAsync(shop));
            return count;
        }
    }

    /// <summary>It dies with the sale unwritten, and when it is back the catalog is not: the order ends without having heard of its discount again.</summary>
    [Fact]
    public async Task What_was_taken_goes_back_also_when_the_order_no_longer_knows_of_its_discount()
    {
        await using var shop = await RunningShop.StartMortalAsync();
        await shop.NewPromoAsync("TEN");
        var product = await shop.NewProductAsync(quantity: 20);
        var (_, token) = await shop.NewCustomerAsync();
        for (var tried = 1; ; tried++)
        {
            await shop.ArmAsync("orders.confirm.before");
            await Assert.ThrowsAnyAsync<HttpRequestException>(() => shop.OrderAsync(token, RunningShop.OrderOf(product, promoCode: "TEN")));
            Assert.True(await DiesAsync(shop));

            // On a busy machine the payment may take so long that the order is shown before it is made, and then it knows its discount.
            await using var orders = await shop.ReadAsync("orders");
            await using var newest = new Npgsql.NpgsqlCommand("select type from order_events order by at desc, version desc limit 1", orders);
            if ((string?)await newest.ExecuteScalarAsync() == "Placed") break;
            Assert.True(tried < 10, "every payment takes long");
            await shop.StartAgainAsync();
        }

        await shop.StartAgainAsync(("Services__catalog__Grpc", "http://127.0.0.1:9"));   // where nobody is
        await using (var connection = await shop.ReadAsync("payments"))
        await using (var refunded = new Npgsql.NpgsqlCommand("select count(*) from payments where status = 'REFUNDED' and amount = 9 and refunded_amount = 9", connection))
        {
            for (var look = 0; look < 600 && (long)(await refunded.ExecuteScalarAsync())! == 0; look++) await Task.Delay(100);
            Assert.Equal(1L, await refunded.ExecuteScalarAsync());
        }

        await shop.KillAsync();
        await shop.StartAgainAsync();
        Assert.Empty(await Rules.BrokenAsync(shop));
    }

    async Task DieAtAsync(RunningShop shop, string point)
    {
        var product = await shop.NewProductAsync(quantity: 5);
        var (_, token) = await shop.NewCustomerAsync();

        var key = Guid.NewGuid().ToString();
        var order = RunningShop.OrderOf(product, promoCode: "TEN");
        try
        {
            await shop.ArmAsync(point);
            await ReachAsync(shop, product, token, order, key, point, hasDied: () => shop.HasEnded);
        }
        catch (Exception exception) when (exception is HttpRequestException or InvalidOperationException or TaskCanceledException or JsonException)
        {
            // It died under the request, which is what was asked for.
        }
        Assert.True(await DiesAsync(shop), $"{point} was never reached");
        Assert.Contains($"ROSA_CRASH_AT={point}:", shop.LastWords, StringComparison.Ordinal);

        await shop.StartAgainAsync();
        var broken = await Rules.BrokenAsync(shop);
        Assert.True(broken.Count == 0, $"after dying at {point}: {string.Join("; ", broken)}");

        // The customer sends the same request again and has one order.
        var (status, _) = await shop.OrderAsync(token, order, key);
        Assert.True(status is 201, $"after dying at {point} the repeated order is answered {status}");
        var (_, orders) = await shop.SendAsync(HttpMethod.Get, "/api/orders?status=CONFIRMED", token);
        Assert.True(orders.GetProperty("total").GetInt64() <= 2, $"after dying at {point} one request made {orders.GetProperty("total")} orders");
        output.WriteLine($"crash point {point}: {CrashPoint.All[point]}; no rule broken");
    }

    /// <summary>Drives everything that has a point: a sale, a refused code, a declined card, a cancellation with refund.</summary>
    /// <returns>How the first order was answered.</returns>
    internal static async Task<int> ReachAsync(RunningShop shop, Guid product, string token, object order, string key, string point, Func<bool> hasDied)
    {
        var (first, _) = await shop.OrderAsync(token, order, key);
        if (hasDied()) return first;
        await shop.OrderAsync(token, RunningShop.OrderOf(product, cardToken: "tok_declined", promoCode: "TEN"));
        var (status, placed) = await shop.OrderAsync(token, RunningShop.OrderOf(product));
        if (status == 201) await shop.SendAsync(HttpMethod.Post, $"/api/orders/{placed.GetProperty("orderId").GetGuid()}/cancel", token, new { reason = point });
        return first;
    }

    static async Task<bool> DiesAsync(RunningShop shop)
    {
        for (var i = 0; i < 600 && !shop.HasEnded; i++) await Task.Delay(100);
        return shop.HasEnded;
    }
}
