using Rosa.Cli.Simulation;

namespace Rosa.Orders.Tests;

public sealed class SimulationTests(ITestOutputHelper output)
{
    const int Seeds = 10_000;

    [Fact]
    public void Whatever_is_lost_repeated_or_killed_no_rule_is_broken()
    {
        var confirmed = 0;
        var orders = 0;
        var kills = 0;
        for (var seed = 1; seed <= Seeds; seed++)
        {
            var result = ShopSimulation.Run(seed);
            Assert.True(result.Violations.Count == 0, $"seed {seed}: {string.Join("; ", result.Violations)}");
            orders += result.Orders;
            confirmed += result.Confirmed;
            kills += result.Kills;
        }
        output.WriteLine($"simulation: {Seeds} seeds, {orders} orders, {confirmed} confirmed, {kills} kills, no rule broken");

        // A simulation in which nothing happens proves nothing.
        Assert.InRange(confirmed, orders / 10, orders * 9 / 10);
        Assert.True(kills > Seeds / 2);
    }

    [Fact]
    public void A_seed_replays_exactly()
    {
        var first = ShopSimulation.Run(4711);
        var second = ShopSimulation.Run(4711);
        Assert.Equal((first.Orders, first.Confirmed, first.Kills), (second.Orders, second.Confirmed, second.Kills));
    }
}
