using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rosa.Testing;

namespace Rosa.Gateway.Tests;

public sealed class RoutingTests : IAsyncLifetime
{
    static readonly string[] services = ["users", "catalog", "orders", "payments", "promotions", "notifications", "recommendations"];
    const string Id = "019aa000-0000-7000-8000-000000000000";

    readonly Dictionary<string, TestUpstream> upstreams = [];
    TestService gateway = null!;

    [Theory]
    [InlineData("POST", "/api/users/login", "users")]
    [InlineData("GET", "/api/users?search=a%20b", "users")]
    [InlineData("DELETE", $"/api/users/{Id}", "users")]
    [InlineData("GET", "/.well-known/jwks.json", "users")]
    [InlineData("GET", "/api/products?page=2&limit=5", "catalog")]
    [InlineData("GET", $"/api/products/{Id}", "catalog")]
    [InlineData("POST", "/api/products/check-stock", "catalog")]
    [InlineData("PATCH", $"/api/products/{Id}/inventory", "catalog")]
    [InlineData("GET", $"/api/products/{Id}/inventory/history", "catalog")]
    [InlineData("GET", "/api/products/export", "catalog")]
    [InlineData("PUT", "/api/categories/chien", "catalog")]
    [InlineData("GET", "/api/images/1.webp", "catalog")]
    [InlineData("PUT", $"/api/cart/items/{Id}", "orders")]
    [InlineData("POST", "/api/orders", "orders")]
    [InlineData("POST", $"/api/orders/{Id}/cancel", "orders")]
    [InlineData("GET", $"/api/payments?orderId={Id}", "payments")]
    [InlineData("POST", "/api/promotions/validate", "promotions")]
    [InlineData("GET", "/api/promotions/NO%C3%8BL%2F10", "promotions")]
    [InlineData("GET", "/api/notifications/log", "notifications")]
    [InlineData("GET", $"/api/recommendations/{Id}?limit=5", "recommendations")]
    [InlineData("POST", "/api/recommendations/training", "recommendations")]
    [InlineData("GET", $"/api/products/{Id}/related", "recommendations")]
    public async Task A_path_reaches_the_service_that_owns_it_unchanged(string method, string path, string service)
    {
        using var client = gateway.Client();
        using var response = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal($"{service} {method} {path}", response.Headers.GetValues("X-Asked").Single());
    }

    [Theory]
    [InlineData("POST", "/api/payments")]
    [InlineData("POST", $"/api/payments/{Id}/refunds")]
    [InlineData("GET", "/api/unknown")]
    [InlineData("GET", "/api")]
    [InlineData("GET", "/internal/service-tokens")]
    [InlineData("POST", "/internal/service-tokens")]
    [InlineData("GET", "/api/users/../../internal/service-tokens")]
    [InlineData("GET", "/api/users/%2e%2e/%2e%2e/internal/service-tokens")]
    [InlineData("GET", "/")]
    public async Task Anything_else_is_a_404_problem_and_reaches_nobody(string method, string path)
    {
        using var client = gateway.Client();
        using var request = new HttpRequestMessage(new HttpMethod(method), new Uri(gateway.HttpAddress.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }));
        using var response = await client.SendAsync(request);
        Assert.Equal(HttpStatusCode.NotFound, response.StatusCode);
        Assert.Equal("NOT_FOUND", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.All(upstreams.Values, upstream => Assert.Equal(0, upstream.Requests));
    }

    [Fact]
    public async Task A_stale_token_does_not_keep_anyone_from_looking_around_or_logging_in()
    {
        using var client = gateway.Client("not.a.token");
        foreach (var (method, path) in new[] { ("GET", "/api/products"), ("GET", $"/api/products/{Id}"), ("POST", "/api/users/refresh"), ("POST", "/api/products/check-stock"), ("GET", "/api/promotions/X") })
        {
            using var response = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            Assert.Equal("", response.Headers.GetValues("X-Authorization").Single());
        }
    }

    [Theory]
    [InlineData("GET", "/api/orders")]
    [InlineData("GET", "/api/cart")]
    [InlineData("POST", "/api/products")]
    [InlineData("GET", "/api/users/me")]
    public async Task A_bad_token_is_401_where_it_matters_who_asks(string method, string path)
    {
        using var client = gateway.Client("not.a.token");
        using var response = await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("BAD_TOKEN", (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task A_good_token_goes_on_to_the_service()
    {
        var token = TestTokens.Shared.Customer(Guid.CreateVersion7());
        using var client = gateway.Client(token);
        using var response = await client.GetAsync("/api/orders");
        Assert.Equal("Bearer " + token, response.Headers.GetValues("X-Authorization").Single());
    }

    [Fact]
    public async Task Every_answer_carries_the_headers_of_safety()
    {
        using var client = gateway.Client();
        foreach (var path in new[] { "/api/orders", "/api/products", "/api/products", "/api/unknown", "/health", "/docs/index.html" })
        {
            using var response = await client.GetAsync(path);
            Assert.Equal("nosniff", response.Headers.GetValues("X-Content-Type-Options").Single());
            Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
            Assert.Equal("no-referrer", response.Headers.GetValues("Referrer-Policy").Single());
            Assert.StartsWith("default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single());
            Assert.False(response.Headers.Contains("Strict-Transport-Security"));
            Assert.False(response.Headers.Contains("Server"));
            Assert.NotEmpty(response.Headers.GetValues("X-Correlation-Id").Single());
        }
    }

    [Fact]
    public async Task Behind_TLS_browsers_are_told_to_stay_there()
    {
        await using var behindProxy = await TestGateway.StartAsync(upstreams, null, ("Gateway:TrustedProxies", "127.0.0.1"));
        using var client = behindProxy.Client();
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        using var response = await client.GetAsync("/api/orders");
        Assert.True(response.Headers.Contains("Strict-Transport-Security"));
        Assert.Equal("https", response.Headers.GetValues("X-Proto").Single());
    }

    public async ValueTask InitializeAsync()
    {
        foreach (var service in services)
        {
            upstreams[service] = await TestUpstream.StartAsync(context =>
            {
                context.Response.Headers["X-Asked"] = $"{service} {context.Request.Method} {context.Features.Get<Microsoft.AspNetCore.Http.Features.IHttpRequestFeature>()!.RawTarget}";
                context.Response.Headers["X-Authorization"] = context.Request.Headers.Authorization.ToString();
                context.Response.Headers["X-Proto"] = context.Request.Headers["X-Forwarded-Proto"];
                context.Response.Headers["X-Frame-Options"] = "ALLOWALL";
                return Task.CompletedTask;
            });
        }
        gateway = await TestGateway.StartAsync(upstreams);
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        foreach (var upstream in upstreams.Values) await upstream.DisposeAsync();
    }
}
