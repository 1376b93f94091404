using System.Diagnostics;
using Rosa.Cli.Simulation;

namespace Rosa.Cli.Chaos;

/// <summary>
/// The shop in memory through as many disasters as asked for: the saga, outbox and inbox on a network that loses, repeats, delays and reorders,
/// with processes that are killed. A seed replays exactly.
/// </summary>
static class SimulateShop
{
    static readonly TimeSpan saysEvery = TimeSpan.FromSeconds(2);

    /// <returns>0 when no rule was broken, else 1 with the first seed that broke one.</returns>
    public static int Run(int firstSeed, int seeds, TextWriter output, TextWriter progress, CancellationToken cancellationToken)
    {
        var (done, orders, confirmed, kills) = (0L, 0L, 0L, 0L);
        SimulationResult? broken = null;
        var start = Stopwatch.GetTimestamp();
        using var saying = new Timer(_ => progress.WriteLine($"{Interlocked.Read(ref done):N0} of {seeds:N0} seeds"), null, saysEvery, saysEvery);
        Parallel.For(firstSeed, firstSeed + (long)seeds, new ParallelOptions { CancellationToken = cancellationToken, MaxDegreeOfParallelism = Environment.ProcessorCount }, (seed, loop) =>
        {
            var result = ShopSimulation.Run((int)seed);
            Interlocked.Increment(ref done);
            Interlocked.Add(ref orders, result.Orders);
            Interlocked.Add(ref confirmed, result.Confirmed);
            Interlocked.Add(ref kills, result.Kills);
            if (result.Violations.Count == 0) return;
            Interlocked.CompareExchange(ref broken, result, null);
            loop.Stop();
        });

        if (broken is not null)
        {
            foreach (var violation in broken.Violations) output.WriteLine(violation);
            output.WriteLine($"Seed {broken.Seed} breaks a rule. It replays exactly: ./rosa chaos --simulate 1 --seed {broken.Seed}");
            return 1;
        }
        output.WriteLine($"{done:N0} seeds from {firstSeed}: {orders:N0} orders, {confirmed:N0} confirmed, {kills:N0} processes killed, no rule broken, in {Stopwatch.GetElapsedTime(start).TotalSeconds:0.0} s");
        return 0;
    }
}
