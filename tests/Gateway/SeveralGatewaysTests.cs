using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Platform.Redis;
using Rosa.Testing;

namespace Rosa.Gateway.Tests;

/// <summary>Two gateways that share a real Redis, in front of one catalog whose answer changes.</summary>
public sealed class SeveralGatewaysTests : IAsyncLifetime
{
    TestRedis redis = null!;
    TestUpstream catalog = null!;
    TestService[] gateways = [];
    volatile string answer = "before";

    public async ValueTask InitializeAsync()
    {
        redis = await TestRedis.StartAsync();
        catalog = await TestUpstream.StartAsync(context => context.Response.WriteAsync(answer));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var gateway in gateways) await gateway.DisposeAsync();
        await catalog.DisposeAsync();
        await redis.DisposeAsync();
    }

    /// <param name="redisWithin">Longer than a busy machine needs, so that the gateways count together; where Redis hangs, as long as usual.</param>
    async Task StartAsync(int perMinute, string redisWithin = "00:00:05", TimeProvider? clock = null) => gateways =
    [
        await StartOneAsync(perMinute, redisWithin, clock),
        await StartOneAsync(perMinute, redisWithin, clock),
    ];

    Task<TestService> StartOneAsync(int perMinute, string redisWithin, TimeProvider? clock) => TestGateway.StartAsync(
        "catalog", catalog, clock,
        ("Redis:Address", redis.Address), ("Redis:AnswerWithin", redisWithin), ("Gateway:RateLimitPerMinute", $"{perMinute}"), ("Gateway:TrustedProxies", "127.0.0.1"));

    RedisConnection ConnectionOf(int gateway) => gateways[gateway].Services.GetRequiredService<RedisConnection>();

    static async Task UntilAsync(Func<bool> holds, string what)
    {
        for (var waited = Stopwatch.StartNew(); !holds(); await Task.Delay(10)) Assert.True(waited.Elapsed < TimeSpan.FromSeconds(30), $"never: {what}");
    }

    /// <summary>So many requests of one visitor, half of them to each gateway, eight at once. Returns how often which status came.</summary>
    async Task<Dictionary<HttpStatusCode, int>> AskAsync(string visitor, int requests)
    {
        var statuses = new ConcurrentBag<HttpStatusCode>();
        using var one = gateways[0].Client();
        using var two = gateways[1].Client();
        await Parallel.ForEachAsync(Enumerable.Range(0, requests), new ParallelOptions { MaxDegreeOfParallelism = 8 }, async (i, _) =>
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/categories");
            request.Headers.Add("X-Forwarded-For", visitor);
            using var response = await (i % 2 == 0 ? one : two).SendAsync(request);
            statuses.Add(response.StatusCode);
            if (response.StatusCode == HttpStatusCode.TooManyRequests) Assert.InRange(response.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 61);
        });
        return statuses.CountBy(status => status).ToDictionary();
    }

    [Theory]
    [InlineData(100)]
    [InlineData(1_000)]
    public async Task The_limit_is_one_for_all_gateways_and_holds_exactly_under_a_burst(int perMinute)
    {
        await StartAsync(perMinute);
        var statuses = await AskAsync("203.0.113.7", 3 * perMinute);

        // What one gateway was granted and did not use is a hundredth of the limit, or one for each that asks at that moment; more when the machine
        // stands still for a second, for a grant lasts no longer.
        Assert.InRange(statuses[HttpStatusCode.OK], perMinute * 3 / 4, perMinute);
        Assert.Equal(3 * perMinute - statuses[HttpStatusCode.OK], statuses[HttpStatusCode.TooManyRequests]);

        Assert.Equal(50, (await AskAsync("203.0.113.8", 50))[HttpStatusCode.OK]);
    }

    [Fact]
    public async Task With_Redis_gone_each_gateway_limits_by_itself_and_no_request_fails()
    {
        await StartAsync(100);
        Assert.Equal(20, (await AskAsync("203.0.113.7", 20))[HttpStatusCode.OK]);
        redis.Kill();
        var statuses = await AskAsync("203.0.113.7", 400);
        Assert.Equal(180, statuses[HttpStatusCode.OK]);   // ten had passed each
        Assert.Equal(220, statuses[HttpStatusCode.TooManyRequests]);

        await UntilAsync(() => !ConnectionOf(0).IsUp && !ConnectionOf(1).IsUp, "it is noticed");
        using var client = gateways[0].Client();
        using (var ready = await client.GetAsync("/health/ready"))
        {
            Assert.Equal(HttpStatusCode.OK, ready.StatusCode);
            Assert.Contains("\"redis\":\"Down\"", await ready.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Contains("rosa_redis_up 0", await client.GetStringAsync("/metrics"), StringComparison.Ordinal);

        await redis.StartAgainAsync();
        await UntilAsync(() => ConnectionOf(0).IsUp && ConnectionOf(1).IsUp, "it is back");
        Assert.InRange((await AskAsync("203.0.113.9", 300))[HttpStatusCode.OK], 75, 100);
        Assert.Contains("rosa_redis_up 1", await client.GetStringAsync("/metrics"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_Redis_that_hangs_holds_a_request_up_for_a_moment_and_then_no_more()
    {
        await StartAsync(100_000, redisWithin: "00:00:00.2");
        redis.Pause();
        try
        {
            Assert.Equal(200, (await AskAsync("203.0.113.7", 200))[HttpStatusCode.OK]);
            await UntilAsync(() => !ConnectionOf(0).IsUp && !ConnectionOf(1).IsUp, "it is noticed");
        }
        finally
        {
            redis.GoOn();
        }
        await UntilAsync(() => ConnectionOf(0).IsUp && ConnectionOf(1).IsUp, "it is back");
    }

    [Fact]
    public async Task A_write_through_one_gateway_is_seen_through_the_other_before_what_is_kept_ends()
    {
        var clock = new TestClock();   // nothing that is kept ends by itself
        await StartAsync(0, clock: clock);
        using var one = gateways[0].Client(TestTokens.Shared.Employee());
        using var two = gateways[1].Client();
        for (var round = 0; round < 50; round++)
        {
            Assert.Equal(answer, await two.GetStringAsync("/api/categories"));
            var asked = catalog.Requests;
            Assert.Equal(answer, await two.GetStringAsync("/api/categories"));
            Assert.Equal(asked, catalog.Requests);

            clock.Advance(TimeSpan.FromMilliseconds(1));
            answer = $"after {round}";
            using (var write = await one.PutAsync("/api/categories/dog", new StringContent("{}"))) Assert.Equal(HttpStatusCode.OK, write.StatusCode);
            for (var waited = Stopwatch.StartNew(); await two.GetStringAsync("/api/categories") != answer; await Task.Delay(1))
                Assert.True(waited.Elapsed < TimeSpan.FromSeconds(30), "the other gateway never heard of it");
            clock.Advance(TimeSpan.FromMilliseconds(1));
        }
    }
}
