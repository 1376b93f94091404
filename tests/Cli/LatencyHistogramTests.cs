using Rosa.Cli.Load;

namespace Rosa.Cli.Tests;

public class LatencyHistogramTests
{
    [Fact]
    public void Without_times_there_is_no_percentile() => Assert.Equal(0, new LatencyHistogram().Milliseconds(0.99));

    [Fact]
    public void Percentiles_are_those_of_the_times_sorted_to_within_two_percent()
    {
        var histogram = new LatencyHistogram();
        var random = new Random(1);
        var times = Enumerable.Range(0, 20_000).Select(_ => Math.Exp(random.NextDouble() * 12) * 10).ToArray();   // 10 µs to 1.6 s
        foreach (var microseconds in times) histogram.Record(TimeSpan.FromMicroseconds(microseconds));

        Array.Sort(times);
        foreach (var share in (double[])[0.01, 0.5, 0.9, 0.99, 0.999, 1])
        {
            var exact = times[(int)Math.Ceiling(share * times.Length) - 1] / 1000;
            Assert.InRange(histogram.Milliseconds(share), exact * 0.98 - 0.001, exact * 1.02 + 0.001);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(63)]
    [InlineData(64)]
    [InlineData(127)]
    [InlineData(128)]
    [InlineData(1_000_000)]
    [InlineData(3_600_000_000)]
    public void A_time_alone_is_every_percentile(long microseconds)
    {
        var histogram = new LatencyHistogram();
        histogram.Record(TimeSpan.FromMicroseconds(microseconds));
        Assert.InRange(histogram.Milliseconds(0.5) * 1000, microseconds * 0.98, microseconds * 1.02);
        Assert.Equal(histogram.Milliseconds(0.5), histogram.Milliseconds(1));
    }

    [Fact]
    public void A_time_longer_than_all_buckets_counts_as_the_longest()
    {
        var histogram = new LatencyHistogram();
        histogram.Record(TimeSpan.MaxValue);
        Assert.True(histogram.Milliseconds(0.5) > TimeSpan.FromHours(10).TotalMilliseconds);
    }

    [Fact]
    public void Many_threads_lose_no_time()
    {
        var histogram = new LatencyHistogram();
        Parallel.For(0, 100_000, i => histogram.Record(TimeSpan.FromMicroseconds(i % 1000)));
        Assert.Equal(100_000, histogram.Count);
    }
}
