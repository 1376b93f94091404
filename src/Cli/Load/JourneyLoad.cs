namespace Rosa.Cli.Load;

/// <summary>Customers who buy without a pause, and the proof afterwards that what they were told is what the books say.</summary>
static class JourneyLoad
{
    public const int Customers = 16;

    /// <param name="products">What they choose from, at random.</param>
    public static async Task<LoopResult> RunAsync(
        RosaAddresses rosa, IReadOnlyList<Guid> products, TimeSpan warmUp, TimeSpan window, CancellationToken cancellationToken, CpuMeter? cpu = null)
    {
        using var customers = await Load.Customers.SignUpAsync(rosa.Gateway, Customers, cancellationToken);
        var before = await Books.ReadAsync(rosa, cancellationToken);
        var result = await ClosedLoop.RunAsync(customers.Count, warmUp, window, async (customer, token) =>
        {
            var product = products[Random.Shared.Next(products.Count)];
            return (await customers.BuyAsync(customer, product, token)).Time;
        }, cancellationToken, cpu);
        before.MustAgree(await Books.ReadAsync(rosa, cancellationToken), customers.Bought);
        return result;
    }
}
