namespace Rosa.Cli.Load;

/// <summary>What customers bought, and what it cost PostgreSQL.</summary>
/// <param name="CommitsPerOrder">Transactions of all databases, those of background work with them.</param>
/// <param name="WalPerOrder">Kilobytes of the write-ahead log.</param>
sealed record JourneyResult(LoopResult Loop, double CommitsPerOrder, double WalPerOrder)
{
    public double PerSecond => Loop.PerSecond;

    public LatencyHistogram Times => Loop.Times;
}

/// <summary>Customers who buy without a pause, and the proof afterwards that what they were told is what the books say.</summary>
static class JourneyLoad
{
    public const int Customers = 16;

    /// <param name="products">What they choose from, at random.</param>
    public static async Task<JourneyResult> RunAsync(
        RosaAddresses rosa, IReadOnlyList<Guid> products, TimeSpan warmUp, TimeSpan window, CancellationToken cancellationToken, CpuMeter? cpu = null)
    {
        using var customers = await Load.Customers.SignUpAsync(rosa.Gateway, Customers, cancellationToken);
        var start = DateTimeOffset.UtcNow;
        var before = await Books.ReadAsync(rosa, since: start, cancellationToken);
        var loop = await ClosedLoop.RunAsync(customers.Count, warmUp, window, async (customer, token) =>
        {
            var product = products[Random.Shared.Next(products.Count)];
            return (await customers.BuyAsync(customer, product, token)).Time;
        }, cancellationToken, cpu);
        var after = await Books.ReadAsync(rosa, since: start, cancellationToken);
        before.MustAgree(after, customers.Bought);
        var orders = customers.Bought.Orders;
        return new JourneyResult(loop, (double)(after.Commits - before.Commits) / orders, (after.WalBytes - before.WalBytes) / 1024.0 / orders);
    }
}
