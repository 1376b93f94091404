using System.Net;
using System.Net.Http.Headers;
using System.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Testing;

namespace Rosa.Gateway.Tests;

public sealed class ResponseCacheTests : IAsyncLifetime
{
    const string Detail = "/api/products/019aa000-0000-7000-8000-000000000000";

    readonly TestClock clock = new();
    TestUpstream catalog = null!;
    TestService gateway = null!;
    HttpClient client = null!;
    volatile int price = 10;
    RequestDelegate answer = null!;

    [Fact]
    public async Task Asking_again_does_not_reach_the_catalog_until_nine_tenths_of_a_second_are_over()
    {
        Assert.Equal("price 10", await client.GetStringAsync(Detail));
        price = 20;
        clock.Advance(TimeSpan.FromMilliseconds(899));
        Assert.Equal("price 10", await client.GetStringAsync(Detail));
        Assert.Equal(1, catalog.Requests);

        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("price 20", await client.GetStringAsync(Detail));
    }

    [Fact]
    public async Task A_change_is_visible_to_everybody_within_a_second()
    {
        await using var realTime = await TestGateway.StartAsync("catalog", catalog);
        using var reader = realTime.Client();
        for (var round = 0; round < 3; round++)
        {
            await reader.GetStringAsync(Detail);
            var changedAt = Environment.TickCount64;
            var now = Interlocked.Increment(ref price);
            for (var askedAt = changedAt; await reader.GetStringAsync(Detail) != $"price {now}"; askedAt = Environment.TickCount64)
                Assert.True(askedAt - changedAt < 1_000, "whoever asks after a second gets the old price");
        }
    }

    [Fact]
    public async Task A_slow_answer_counts_from_when_it_was_asked_for_and_is_not_shared_with_later_callers()
    {
        var release = new TaskCompletionSource();
        var hasRead = new TaskCompletionSource();
        answer = async context =>
        {
            var seen = price;   // what the database showed when it was read
            hasRead.TrySetResult();
            if (seen == 10) await release.Task;
            await context.Response.WriteAsync($"price {seen}");
        };
        var early = client.GetStringAsync(Detail);
        await hasRead.Task;
        price = 20;
        clock.Advance(TimeSpan.FromSeconds(1));
        Assert.Equal("price 20", await client.GetStringAsync(Detail));

        release.SetResult();
        Assert.Equal("price 10", await early);
        Assert.Equal("price 20", await client.GetStringAsync(Detail));
    }

    [Fact]
    public async Task Callers_who_ask_for_the_same_at_once_share_one_request_even_when_the_first_leaves()
    {
        var release = new TaskCompletionSource();
        answer = async context =>
        {
            await release.Task;
            await context.Response.WriteAsync("shared");
        };
        using var leaving = new CancellationTokenSource();
        var first = client.GetStringAsync(Detail, leaving.Token);
        await UntilAsync(() => catalog.Requests == 1);
        var others = Enumerable.Range(0, 50).Select(_ => client.GetStringAsync(Detail)).ToList();
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        release.SetResult();
        Assert.All(await Task.WhenAll(others), text => Assert.Equal("shared", text));
        Assert.Equal(1, catalog.Requests);
    }

    [Fact]
    public async Task Who_names_the_tag_gets_304_without_a_body()
    {
        using var full = await client.GetAsync(Detail);
        foreach (var tag in new[] { "\"v10\"", "W/\"v10\"", "\"other\", \"v10\"", "*" })
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Detail);
            request.Headers.TryAddWithoutValidation("If-None-Match", tag);
            using var response = await client.SendAsync(request);
            Assert.Equal(HttpStatusCode.NotModified, response.StatusCode);
            Assert.Equal("\"v10\"", response.Headers.ETag?.Tag);
            Assert.Equal("public, must-revalidate, max-age=1", response.Headers.CacheControl?.ToString());
            Assert.Empty(await response.Content.ReadAsByteArrayAsync());
        }
        Assert.Equal(1, catalog.Requests);

        using var changed = new HttpRequestMessage(HttpMethod.Get, Detail);
        changed.Headers.IfNoneMatch.Add(new EntityTagHeaderValue("\"v9\""));
        Assert.Equal(HttpStatusCode.OK, (await client.SendAsync(changed)).StatusCode);
    }

    [Fact]
    public async Task What_is_kept_looks_like_what_the_catalog_answered()
    {
        using var first = await client.GetAsync(Detail);
        using var kept = await client.GetAsync(Detail);
        Assert.Equal(first.Content.Headers.ContentType, kept.Content.Headers.ContentType);
        Assert.Equal(first.Content.Headers.ContentLength, kept.Content.Headers.ContentLength);
        Assert.Equal(first.Headers.ETag, kept.Headers.ETag);
        Assert.Null(first.Headers.Age);
        Assert.Equal(TimeSpan.FromSeconds(1), kept.Headers.Age);
        Assert.NotEqual(first.Headers.GetValues("X-Correlation-Id").Single(), kept.Headers.GetValues("X-Correlation-Id").Single());
    }

    [Fact]
    public async Task Languages_and_queries_are_kept_apart_and_the_order_of_parameters_is_not()
    {
        answer = context => context.Response.WriteAsync($"{context.Request.Headers.AcceptLanguage} {context.Request.QueryString}");
        Assert.Equal("fr ?limit=5&page=2", await GetAsync("/api/products?limit=5&page=2", "fr-FR,fr;q=0.9,en;q=0.8"));
        Assert.Equal("en ?limit=5&page=2", await GetAsync("/api/products?limit=5&page=2", "en-GB"));
        Assert.Equal("fr ?limit=5&page=2", await GetAsync("/api/products?page=2&limit=5", "de, en;q=0.2, fr;q=0.5"));
        Assert.Equal(" ?page=2&limit=5", await GetAsync("/api/products?page=2&limit=5", null));
        Assert.Equal(" ?page=2&limit=5", await GetAsync("/api/products?limit=5&page=2", null));
        Assert.Equal(3, catalog.Requests);
        Assert.Equal("en ?limit=6&page=2", await GetAsync("/api/products?limit=6&page=2", "en"));
    }

    [Fact]
    public async Task Nobodys_token_reaches_the_catalog_with_a_question_whose_answer_goes_to_all()
    {
        answer = context => context.Response.WriteAsync($"for [{context.Request.Headers.Authorization}{context.Request.Headers.Cookie}]");
        using var employee = gateway.Client(TestTokens.Shared.Employee());
        employee.DefaultRequestHeaders.Add("Cookie", "cart=secret");
        Assert.Equal("for []", await employee.GetStringAsync(Detail));
        Assert.Equal("for []", await client.GetStringAsync(Detail));
        Assert.Equal(1, catalog.Requests);
    }

    [Theory]
    [InlineData("POST", "/api/products/check-stock")]
    [InlineData("GET", "/api/products/export")]
    [InlineData("GET", $"{Detail}/inventory/history")]
    public async Task What_depends_on_the_caller_or_the_moment_is_never_kept(string method, string path)
    {
        for (var i = 0; i < 3; i++) await client.SendAsync(new HttpRequestMessage(new HttpMethod(method), path));
        Assert.Equal(3, catalog.Requests);
    }

    [Theory]
    [InlineData(503, null)]
    [InlineData(400, null)]
    [InlineData(200, "private, max-age=60")]
    [InlineData(200, "no-store")]
    public async Task Failures_and_private_answers_are_not_kept(int status, string? cacheControl)
    {
        answer = context =>
        {
            context.Response.StatusCode = status;
            if (cacheControl is not null) context.Response.Headers.CacheControl = cacheControl;
            return context.Response.WriteAsync("once");
        };
        for (var i = 0; i < 3; i++) Assert.Equal(status, (int)(await client.GetAsync(Detail)).StatusCode);
        Assert.Equal(3, catalog.Requests);
    }

    [Fact]
    public async Task A_write_through_the_gateway_is_seen_by_the_next_reader()
    {
        await client.GetStringAsync(Detail);
        using var employee = gateway.Client(TestTokens.Shared.Employee());
        price = 30;
        clock.Advance(TimeSpan.FromMilliseconds(1));
        await employee.PutAsync(Detail, new StringContent("{}"));
        clock.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal("price 30", await client.GetStringAsync(Detail));
    }

    [Fact]
    public async Task Pictures_that_never_change_are_kept_longer()
    {
        answer = context =>
        {
            context.Response.Headers.CacheControl = "public, max-age=31536000, immutable";
            return context.Response.WriteAsync("picture");
        };
        await client.GetStringAsync("/api/images/1.webp");
        clock.Advance(TimeSpan.FromMinutes(30));
        await client.GetStringAsync("/api/images/1.webp");
        Assert.Equal(1, catalog.Requests);
        clock.Advance(TimeSpan.FromMinutes(31));
        await client.GetStringAsync("/api/images/1.webp");
        Assert.Equal(2, catalog.Requests);
    }

    [Fact]
    public async Task Memory_is_bounded_and_what_is_too_large_to_keep_still_arrives()
    {
        await using var small = await TestGateway.StartAsync("catalog", catalog, clock, ("Gateway:CacheMegabytes", "1"));
        using var reader = small.Client();
        answer = context => context.Response.Body.WriteAsync(new byte[context.Request.QueryString.HasValue ? 100_000 : 5_000_000]).AsTask();
        for (var i = 0; i < 40; i++) Assert.Equal(100_000, (await reader.GetByteArrayAsync($"/api/products?page={i}")).Length);
        Assert.InRange(small.Services.GetRequiredService<ResponseCache>().Bytes, 100_000, 1024 * 1024);
        Assert.Equal(5_000_000, (await reader.GetByteArrayAsync(Detail)).Length);
    }

    async Task<string> GetAsync(string path, string? language)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        if (language is not null) request.Headers.TryAddWithoutValidation("Accept-Language", language);
        return await (await client.SendAsync(request)).Content.ReadAsStringAsync();
    }

    static async Task UntilAsync(Func<bool> condition)
    {
        while (!condition()) await Task.Delay(5);
    }

    Task AnswerWithPriceAsync(HttpContext context)
    {
        var seen = price;
        var body = Encoding.UTF8.GetBytes($"price {seen}");
        context.Response.Headers.ETag = $"\"v{seen}\"";
        context.Response.Headers.CacheControl = "public, max-age=1, must-revalidate";
        context.Response.ContentType = "application/json; charset=utf-8";
        context.Response.ContentLength = body.Length;
        return context.Response.Body.WriteAsync(body).AsTask();
    }

    public async ValueTask InitializeAsync()
    {
        answer = AnswerWithPriceAsync;
        catalog = await TestUpstream.StartAsync(context => answer(context));
        gateway = await TestGateway.StartAsync("catalog", catalog, clock);
        client = gateway.Client();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await gateway.DisposeAsync();
        await catalog.DisposeAsync();
    }
}
