namespace Rosa.Orders;

static class Clock
{
    /// <summary>To the microsecond, as PostgreSQL keeps it: what is written down and what is read again are the same.</summary>
    public static DateTimeOffset Now(this TimeProvider clock)
    {
        var now = clock.GetUtcNow();
        return new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerMicrosecond, TimeSpan.Zero);
    }
}
