using System.Diagnostics;
using System.Numerics;

namespace Rosa.Cli.Load;

/// <summary>
/// Counts of times, from any number of threads at once. Each power of two of microseconds is cut into 64 buckets, so that a
/// percentile is off by less than 1.6 %, whatever its size.
/// </summary>
sealed class LatencyHistogram
{
    const int BucketBits = 6;
    const int Buckets = 1 << BucketBits;
    const int Powers = 31;   // up to 2^36 µs, 19 hours; longer counts as that

    readonly long[] counts = new long[Buckets * (Powers + 1)];

    public long Count => counts.Sum();

    public void Record(TimeSpan time) => Interlocked.Increment(ref counts[BucketOf((long)time.TotalMicroseconds)]);

    /// <summary>Records the time since a <see cref="Stopwatch.GetTimestamp"/>.</summary>
    public void RecordSince(long timestamp) => Record(Stopwatch.GetElapsedTime(timestamp));

    /// <summary>The time that this share of all are not above, in milliseconds; 0 when there are none.</summary>
    /// <param name="share">From 0 to 1: 0.99 for the 99th percentile.</param>
    public double Milliseconds(double share)
    {
        var total = Count;
        if (total == 0) return 0;
        var rank = Math.Max(1, (long)Math.Ceiling(share * total));
        long seen = 0;
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            seen += counts[bucket];
            if (seen >= rank) return Middle(bucket) / 1000;
        }
        return Middle(counts.Length - 1) / 1000;
    }

    // Below 64 µs a bucket is a microsecond. Above, the highest bit chooses the power and the next six the bucket.
    static int BucketOf(long microseconds)
    {
        if (microseconds < Buckets) return (int)Math.Max(0, microseconds);
        var power = BitOperations.Log2((ulong)microseconds) - BucketBits;
        return power >= Powers ? (Buckets * (Powers + 1)) - 1 : (Buckets * (power + 1)) + (int)((microseconds >> power) - Buckets);
    }

    static double Middle(int bucket)
    {
        if (bucket < Buckets) return bucket;
        var power = (bucket / Buckets) - 1;
        var lowest = (long)(Buckets + (bucket % Buckets)) << power;
        return lowest + (((1L << power) - 1) / 2.0);
    }
}
