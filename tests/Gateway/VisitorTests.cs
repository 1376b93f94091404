using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Rosa.Testing;

namespace Rosa.Gateway.Tests;

/// <summary>Who is counted against the limit, over real connections.</summary>
public sealed class VisitorTests : IAsyncLifetime
{
    TestUpstream upstream = null!;

    [Fact]
    public async Task Too_many_requests_are_answered_429_with_the_time_to_wait_and_health_is_exempt()
    {
        var clock = new TestClock();
        await using var gateway = await StartAsync(clock, limit: 3);
        using var client = gateway.Client();
        Assert.Equal([200, 200, 200, 429], await StatusesAsync(client, 4));

        clock.Advance(TimeSpan.FromSeconds(20.5));
        using var refused = await client.GetAsync("/api/orders");
        Assert.Equal("40", refused.Headers.GetValues("Retry-After").Single());
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);
        Assert.Equal("RATE_LIMITED", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/health/live")).StatusCode);

        clock.Advance(TimeSpan.FromSeconds(39.5));
        Assert.Equal([200], await StatusesAsync(client, 1));
    }

    [Fact]
    public async Task A_stranger_cannot_name_another_address()
    {
        await using var gateway = await StartAsync(limit: 2);
        using var client = gateway.Client();
        Assert.Equal([200, 200, 429], await StatusesAsync(client, 3, visitorOf: i => $"198.51.100.{i}"));
    }

    [Fact]
    public async Task A_trusted_proxy_names_its_visitor_and_what_the_visitor_claims_is_not_believed()
    {
        await using var gateway = await StartAsync(limit: 2, proxies: "127.0.0.0/8, 10.0.0.0/8");
        using var client = gateway.Client();
        Assert.Equal([200, 200, 429], await StatusesAsync(client, 3, visitorOf: i => $"192.0.2.{i}, 198.51.100.1, 10.0.0.5"));
        Assert.Equal([200], await StatusesAsync(client, 1, visitorOf: _ => "198.51.100.2"));
    }

    [Fact]
    public async Task A_front_proves_itself_by_its_service_token_and_its_visitors_are_counted_one_by_one()
    {
        await using var gateway = await StartAsync(limit: 2);
        using var front = gateway.Client(TestTokens.Shared.Service("storefront"));
        Assert.Equal([200, 200, 200, 200], await StatusesAsync(front, 4, visitorOf: i => $"198.51.100.{i}"));
        Assert.Equal([200, 429], await StatusesAsync(front, 2, visitorOf: _ => "198.51.100.1"));
    }

    [Fact]
    public async Task A_front_that_acts_for_its_user_carries_its_own_token_beside_and_the_service_does_not_see_it()
    {
        await using var gateway = await StartAsync(limit: 1);
        using var front = gateway.Client(TestTokens.Shared.Customer(Guid.CreateVersion7()));
        front.DefaultRequestHeaders.Add("X-Service-Token", TestTokens.Shared.Service("storefront"));
        Assert.Equal([200, 200, 429], await StatusesAsync(front, 3, visitorOf: i => i == 2 ? "198.51.100.1" : $"198.51.100.{i}"));
        Assert.DoesNotContain("X-Service-Token", seen!);
        Assert.Contains("X-Forwarded-For=198.51.100.1", seen!);
    }

    [Fact]
    public async Task A_customers_token_does_not_make_an_address_believable()
    {
        await using var gateway = await StartAsync(limit: 2);
        using var client = gateway.Client(TestTokens.Shared.Customer(Guid.CreateVersion7()));
        Assert.Equal([200, 200, 429], await StatusesAsync(client, 3, visitorOf: i => $"198.51.100.{i}"));
    }

    string? seen;

    Task<TestService> StartAsync(TestClock? clock = null, int limit = 100, string proxies = "") => TestGateway.StartAsync(
        "orders", upstream, clock, ("Gateway:RateLimitPerMinute", limit.ToString()), ("Gateway:TrustedProxies", proxies));

    static async Task<List<int>> StatusesAsync(HttpClient client, int times, Func<int, string>? visitorOf = null)
    {
        var statuses = new List<int>();
        for (var i = 0; i < times; i++)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "/api/orders");
            if (visitorOf is not null) request.Headers.Add("X-Forwarded-For", visitorOf(i));
            using var response = await client.SendAsync(request);
            statuses.Add((int)response.StatusCode);
        }
        return statuses;
    }

    public async ValueTask InitializeAsync() => upstream = await TestUpstream.StartAsync(context =>
    {
        seen = string.Join('\n', context.Request.Headers.Select(header => $"{header.Key}={header.Value}"));
        return Task.CompletedTask;
    });

    public ValueTask DisposeAsync() => upstream.DisposeAsync();
}
