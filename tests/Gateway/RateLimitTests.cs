using System.Net;

namespace Rosa.Gateway.Tests;

public sealed class RateLimitTests
{
    static readonly IPAddress visitor = IPAddress.Parse("203.0.113.7");

    readonly TestClock clock = new();

    [Fact]
    public void The_101st_request_within_60_seconds_is_refused()
    {
        var limit = Limit();
        for (var i = 0; i < 100; i++) Assert.Null(limit.Take(visitor));
        Assert.Equal(TimeSpan.FromSeconds(60), limit.Take(visitor));
    }

    [Fact]
    public void No_window_of_60_seconds_holds_more_than_the_limit_whatever_the_pace()
    {
        var seed = Environment.TickCount;
        TestContext.Current.SendDiagnosticMessage($"seed {seed}");
        var random = new Random(seed);
        var limit = Limit();
        var passed = new List<DateTimeOffset>();
        for (var i = 0; i < 20_000; i++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(random.Next(0, random.Next(2) == 0 ? 20 : 1_500)));
            var now = clock.GetUtcNow();
            var inWindow = passed.Count(at => now - at < TimeSpan.FromSeconds(60));
            var wait = limit.Take(visitor);
            Assert.True(wait is null == inWindow < 100, $"seed {seed}, request {i}: {inWindow} in the window, wait {wait}");
            if (wait is null) passed.Add(now);
            else Assert.Equal(passed[^100] + TimeSpan.FromSeconds(60) - now, wait);
            if (passed.Count > 300) passed.RemoveRange(0, 100);
        }
    }

    [Fact]
    public void Refused_requests_do_not_count()
    {
        var limit = Limit();
        for (var i = 0; i < 100; i++) limit.Take(visitor);
        for (var i = 0; i < 59; i++)
        {
            clock.Advance(TimeSpan.FromSeconds(1));
            Assert.NotNull(limit.Take(visitor));
        }
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Null(limit.Take(visitor));
    }

    [Fact]
    public void Visitors_are_counted_one_by_one_and_an_IPv6_network_as_one()
    {
        var limit = Limit(2);
        Assert.Null(limit.Take(IPAddress.Parse("2001:db8:1:2::1")));
        Assert.Null(limit.Take(IPAddress.Parse("2001:db8:1:2:ffff::9")));
        Assert.NotNull(limit.Take(IPAddress.Parse("2001:db8:1:2::3")));
        Assert.Null(limit.Take(IPAddress.Parse("2001:db8:1:3::1")));
        Assert.Null(limit.Take(visitor));
    }

    [Fact]
    public async Task Requests_at_the_same_moment_pass_exactly_up_to_the_limit()
    {
        var limit = Limit();
        var passed = 0;
        await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => Task.Run(() =>
        {
            for (var i = 0; i < 1_000; i++)
            {
                if (limit.Take(visitor) is null) Interlocked.Increment(ref passed);
            }
        })));
        Assert.Equal(100, passed);
    }

    [Fact]
    public void Visitors_who_stay_away_are_forgotten_and_their_number_is_bounded()
    {
        var limit = Limit();
        for (var i = 0; i < 120_000; i++) limit.Take(new IPAddress(i + 1L));
        Assert.InRange(limit.Visitors, 1, 50_000);
        clock.Advance(TimeSpan.FromSeconds(70));
        limit.Take(visitor);
        Assert.Equal(1, limit.Visitors);
    }

    RateLimit Limit(int perMinute = 100) => new(new GatewayOptions { RateLimitPerMinute = perMinute }, clock);
}
