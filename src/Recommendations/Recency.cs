namespace Rosa.Recommendations;

/// <summary>
/// An order counts half as much with every <see cref="HalfLife"/> that passes. Counts do not shrink: later orders weigh more, by a measure fixed
/// once and for all, and a reader divides by what an order of today weighs. So a count is one number that is only ever added to, an index on it
/// stays in order, and nothing is rewritten as time goes by.
/// </summary>
/// <remarks>
/// Forward decay: Cormode, Shkapenyuk, Srivastava, Xu, "Forward Decay: A Practical Time Decay Model for Streaming Systems", ICDE 2009. A double holds
/// the weights of centuries. Neither number may be changed: what is stored was weighed by them.
/// </remarks>
static class Recency
{
    public static readonly TimeSpan HalfLife = TimeSpan.FromDays(180);
    static readonly DateTimeOffset weighsOne = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static double WeightAt(DateTimeOffset time) => Math.Pow(2, (time - weighsOne) / HalfLife);

    /// <summary>What is left of something that happened then: 1 now, a half after a half-life.</summary>
    public static double Left(DateTimeOffset then, DateTimeOffset now, TimeSpan halfLife) => then >= now ? 1 : Math.Pow(2, -((now - then) / halfLife));

    /// <summary>The moment that answers are made for: the beginning of the day, so that the same data give the same answer all day long.</summary>
    public static DateTimeOffset Today(TimeProvider clock) => new(clock.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
}
