using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Rosa.Platform.Resilience;

namespace Rosa.EndToEnd.Tests.Distributed;

/// <summary>
/// One process of many ends on the spot at every named point, with a real broker between it and the others. The supervisor brings it back, the others go on meanwhile,
/// and whatever was under way comes to a right end by itself.
/// </summary>
[Collection(nameof(DistributedCollection))]
[Trait("shape", "distributed")]
public sealed class ProcessCrashTests(DistributedShop distributed, ITestOutputHelper output)
{
    static readonly TimeSpan diesWithin = TimeSpan.FromSeconds(20), backWithin = TimeSpan.FromSeconds(40), answeredWithin = TimeSpan.FromSeconds(30);

    readonly RunningShop shop = distributed.Shop;

    [Fact]
    public async Task One_process_that_dies_at_any_point_breaks_no_rule_and_is_brought_back()
    {
        await shop.NewPromoAsync("TEN");
        var (began, unnoticed) = (Stopwatch.GetTimestamp(), 0);
        foreach (var point in CrashPoint.All.Keys)
        {
            if (await DieAtAsync(point) == 201) unnoticed++;
        }
        output.WriteLine(string.Create(CultureInfo.InvariantCulture,
            $"crash points of many processes: {CrashPoint.All.Count} in {Stopwatch.GetElapsedTime(began).TotalSeconds:0} s; at {unnoticed} of them the customer's own request was answered as if nothing had happened"));
    }

    /// <returns>How the customer's first request was answered.</returns>
    async Task<int> DieAtAsync(string point)
    {
        var began = Stopwatch.GetTimestamp();
        var product = await shop.NewProductAsync(quantity: 5);
        var (_, token) = await shop.NewCustomerAsync();
        var (order, key) = (RunningShop.OrderOf(product, promoCode: "TEN"), Guid.NewGuid().ToString());
        var (armed, taken) = (Path.Combine(distributed.CrashFolder, point), Path.Combine(distributed.CrashFolder, $"{point}.taken"));

        await File.WriteAllTextAsync(armed, "");
        var first = await CrashTests.ReachAsync(shop, product, token, order, key, point, hasDied: () => File.Exists(taken));
        await UntilAsync(diesWithin, () => File.Exists(taken), $"{point} was never reached");

        var name = await BroughtBackAsync(await File.ReadAllTextAsync(taken), point);
        var broken = await Rules.BrokenAsync(shop);
        Assert.True(broken.Count == 0, $"after {name} died at {point}: {string.Join("; ", broken)}");

        // The customer sends the same request again and has one order.
        var status = 0;
        await UntilAsync(answeredWithin, async () => (status = (await shop.OrderAsync(token, order, key)).Status) != 503, $"after {name} died at {point} the repeated order is answered 503");
        Assert.True(status == 201, $"after {name} died at {point} the repeated order is answered {status}");
        var (_, orders) = await shop.SendAsync(HttpMethod.Get, "/api/orders?status=CONFIRMED", token);
        Assert.True(orders.GetProperty("total").GetInt64() <= 2, $"after {name} died at {point} one request made {orders.GetProperty("total")} orders");
        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"crash point {point} in {name}: {CrashPoint.All[point]}; answered {first}; no rule broken; {Stopwatch.GetElapsedTime(began).TotalSeconds:0.0} s"));
        return first;
    }

    /// <summary>By what the supervisor says: which process it was, and that another stands for it.</summary>
    async Task<string> BroughtBackAsync(string processId, string point)
    {
        var name = "";
        await UntilAsync(diesWithin, () => (name = shop.Said.Select(line => Regex.Match(line, $@"([a-z]+-\d+) \(process {processId}\) has ended with 137").Groups[1].Value).FirstOrDefault(found => found.Length > 0, "")).Length > 0, $"the supervisor does not say that process {processId} died at {point}");
        await UntilAsync(backWithin, () => shop.Said.SkipWhile(line => !line.Contains($"(process {processId}) has ended", StringComparison.Ordinal)).Any(line => line.Contains($"{name} is back", StringComparison.Ordinal)), $"{name} is not back after it died at {point}");
        return name;
    }

    static Task UntilAsync(TimeSpan patience, Func<bool> isSo, string otherwise) => UntilAsync(patience, () => Task.FromResult(isSo()), otherwise);

    static async Task UntilAsync(TimeSpan patience, Func<Task<bool>> isSo, string otherwise)
    {
        for (var wait = Stopwatch.StartNew(); !await isSo(); await Task.Delay(50)) Assert.True(wait.Elapsed < patience, otherwise);
    }
}
