using System.Net;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rosa.Testing;

namespace Rosa.Gateway.Tests;

public sealed class ForwardingTests : IAsyncLifetime
{
    TestUpstream service = null!;
    TestService gateway = null!;
    HttpClient client = null!;
    RequestDelegate answer = _ => Task.CompletedTask;

    [Fact]
    public async Task Bodies_of_any_size_pass_both_ways_unchanged()
    {
        answer = async context =>
        {
            context.Response.ContentType = context.Request.ContentType;
            await context.Request.Body.CopyToAsync(context.Response.Body);
        };
        foreach (var size in new[] { 0, 1, 4_096, 65_537, 990_000 })
        {
            var sent = RandomNumberGenerator.GetBytes(size);
            using var content = new ByteArrayContent(sent);
            content.Headers.TryAddWithoutValidation("Content-Type", "application/x-rosa; v=1");
            using var response = await client.PostAsync("/api/orders", content);
            Assert.Equal(sent, await response.Content.ReadAsByteArrayAsync());
            Assert.Equal("application/x-rosa; v=1", response.Content.Headers.GetValues("Content-Type").Single());
        }
    }

    [Fact]
    public async Task An_answer_streams_a_piece_arrives_before_the_next_is_made()
    {
        var goOn = new SemaphoreSlim(0);
        answer = async context =>
        {
            for (var i = 0; i < 5; i++)
            {
                await context.Response.WriteAsync($"piece {i}\n");
                await context.Response.Body.FlushAsync();
                await goOn.WaitAsync();
            }
        };
        using var response = await client.GetAsync("/api/orders", HttpCompletionOption.ResponseHeadersRead);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync());
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal($"piece {i}", await reader.ReadLineAsync());
            goOn.Release();
        }
        Assert.Null(await reader.ReadLineAsync());
    }

    [Fact]
    public async Task A_body_streams_the_service_reads_a_piece_before_the_next_is_sent()
    {
        var read = new SemaphoreSlim(0);
        answer = async context =>
        {
            using var reader = new StreamReader(context.Request.Body);
            while (await reader.ReadLineAsync() is not null) read.Release();
        };
        var pieces = new PiecewiseContent(async stream =>
        {
            for (var i = 0; i < 5; i++)
            {
                await stream.WriteAsync(Encoding.UTF8.GetBytes($"piece {i}\n"));
                await stream.FlushAsync();
                Assert.True(await read.WaitAsync(TimeSpan.FromSeconds(10)), $"piece {i} did not arrive");
            }
        });
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/api/orders", pieces)).StatusCode);
    }

    [Theory]
    [InlineData("POST", "/api/orders", true)]
    [InlineData("PUT", "/api/cart/items/0197b1f2-1111-7000-8000-000000000001", false)]
    public async Task What_breaks_off_and_does_no_harm_twice_is_asked_of_another_instance_however_its_body_is_sent(string method, string path, bool withKey)
    {
        await using var weak = await TestUpstream.StartAsync(async context =>
        {
            await context.Request.Body.CopyToAsync(Stream.Null);
            context.Abort();
        });
        answer = context => context.Request.Body.CopyToAsync(context.Response.Body);
        await using var balanced = await TestGateway.StartAsync(new Dictionary<string, TestUpstream>(), null, ("Services:orders:Http", $"{weak.Address} {service.Address}"));
        using var shopper = balanced.Client();
        for (var i = 0; i < 8; i++)
        {
            using var inChunks = JsonContent.Create(new { number = i });
            using var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = i % 2 == 0 ? inChunks : new StringContent($$"""{"number":{{i}}}""") };
            if (withKey) request.Headers.Add("Idempotency-Key", $"key-{i}");
            using var response = await shopper.SendAsync(request);
            Assert.Equal($$"""{"number":{{i}}}""", await response.Content.ReadAsStringAsync());
        }
        Assert.NotEqual(0, weak.Requests);
    }

    [Fact]
    public async Task The_service_learns_who_asks_and_nothing_of_the_connection_before()
    {
        var seen = new Dictionary<string, string>();
        answer = context =>
        {
            foreach (var (name, value) in context.Request.Headers) seen[name] = value.ToString();
            context.Response.Headers.Connection = "close";
            context.Response.Headers["X-Answer"] = new[] { "a", "b" };
            return Task.CompletedTask;
        };
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/orders");
        foreach (var (name, value) in new[]
        {
            ("Connection", "X-Hop"), ("X-Hop", "1"), ("Keep-Alive", "5"), ("Proxy-Authorization", "x"), ("TE", "gzip"), ("X-Forwarded-For", "9.9.9.9"), ("X-Forwarded-Host", "evil"),
            ("X-Correlation-Id", "mine-1"), ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"), ("Accept", "application/json"), ("Cookie", "cart=1"), ("Idempotency-Key", "k"),
        })
            request.Headers.TryAddWithoutValidation(name, value);
        using var response = await client.SendAsync(request);

        Assert.Equal("127.0.0.1", seen["X-Forwarded-For"]);
        Assert.Equal("http", seen["X-Forwarded-Proto"]);
        Assert.Equal(gateway.HttpAddress.Authority, seen["X-Forwarded-Host"]);
        Assert.Equal("mine-1", seen["X-Correlation-Id"]);
        Assert.StartsWith("00-0af7651916cd43dd8448eb211c80319c-", seen["traceparent"]);
        Assert.Equal("application/json", seen["Accept"]);
        Assert.Equal("cart=1", seen["Cookie"]);
        Assert.Equal("k", seen["Idempotency-Key"]);
        Assert.DoesNotContain(seen.Keys, name => name is "X-Hop" or "Keep-Alive" or "Proxy-Authorization" or "TE");
        Assert.Equal("mine-1", response.Headers.GetValues("X-Correlation-Id").Single());
        Assert.Equal(["a", "b"], response.Headers.GetValues("X-Answer"));
    }

    [Fact]
    public async Task Statuses_and_problems_of_the_service_come_back_as_they_are()
    {
        answer = context =>
        {
            context.Response.StatusCode = 422;
            context.Response.ContentType = "application/problem+json";
            context.Response.Headers.Location = "/api/orders/1";
            context.Response.Headers.SetCookie = new[] { "a=1", "b=2" };
            return context.Response.WriteAsync("{\"code\":\"INSUFFICIENT_STOCK\"}");
        };
        using var response = await client.PostAsync("/api/orders", null);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, response.StatusCode);
        Assert.Equal("{\"code\":\"INSUFFICIENT_STOCK\"}", await response.Content.ReadAsStringAsync());
        Assert.Equal(["a=1", "b=2"], response.Headers.GetValues("Set-Cookie"));

        foreach (var status in new[] { 204, 304 })
        {
            answer = context =>
            {
                context.Response.StatusCode = status;
                return Task.CompletedTask;
            };
            Assert.Equal(status, (int)(await client.GetAsync("/api/orders")).StatusCode);
        }
    }

    [Theory]
    [InlineData("GET", "/api/orders")]
    [InlineData("POST", "/api/orders")]
    [InlineData("GET", "/api/products")]
    [InlineData("GET", "/api/notifications")]
    public async Task A_service_that_is_down_is_503_with_the_time_to_come_again(string method, string path)
    {
        var nobody = new TcpListener(IPAddress.Loopback, 0);
        nobody.Start();
        var closed = $"http://127.0.0.1:{((IPEndPoint)nobody.LocalEndpoint).Port}";
        nobody.Stop();
        await using var lonely = await TestGateway.StartAsync(new Dictionary<string, TestUpstream>(), null, ("Services:orders:Http", closed), ("Services:catalog:Http", closed));
        using var caller = lonely.Client();
        using var response = await caller.SendAsync(new HttpRequestMessage(new HttpMethod(method), path) { Content = method == "POST" ? new StringContent("{}") : null });
        await AssertProblemAsync(response, HttpStatusCode.ServiceUnavailable, "UNAVAILABLE");
        Assert.Equal(TimeSpan.FromSeconds(2), response.Headers.RetryAfter?.Delta);
    }

    [Fact]
    public async Task A_service_that_does_not_begin_to_answer_is_504_and_is_told_to_stop()
    {
        var stopped = new TaskCompletionSource();
        answer = context => UntilAbortedAsync(context, stopped);
        await using var impatient = await TestGateway.StartAsync("orders", service, null, ("Gateway:AnswerWithin", "00:00:00.3"));
        using var caller = impatient.Client();
        await AssertProblemAsync(await caller.GetAsync("/api/orders"), HttpStatusCode.GatewayTimeout, "TIMEOUT");
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task A_caller_who_leaves_takes_the_request_with_them()
    {
        var arrived = new TaskCompletionSource();
        var stopped = new TaskCompletionSource();
        answer = context =>
        {
            arrived.SetResult();
            return UntilAbortedAsync(context, stopped);
        };
        using var leaving = new CancellationTokenSource();
        var asking = client.GetAsync("/api/orders", leaving.Token);
        await arrived.Task.WaitAsync(TimeSpan.FromSeconds(10));
        await leaving.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => asking);
        await stopped.Task.WaitAsync(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public async Task An_answer_that_breaks_off_is_not_made_to_look_whole()
    {
        var goOn = new TaskCompletionSource();
        answer = async context =>
        {
            context.Response.ContentLength = 5_000_000;
            await context.Response.WriteAsync("the beginning");
            await context.Response.Body.FlushAsync();
            await goOn.Task;
            context.Abort();
        };
        using var begun = await client.GetAsync("/api/orders", HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal(HttpStatusCode.OK, begun.StatusCode);
        goOn.SetResult();
        await Assert.ThrowsAsync<HttpRequestException>(() => begun.Content.ReadAsStringAsync());
    }

    [Theory]
    [InlineData("GET", "/api/orders", 1_000)]
    [InlineData("GET", "/api/orders", null)]
    [InlineData("GET", "/api/products", 1_000)]
    [InlineData("GET", "/api/products", null)]
    [InlineData("POST", "/api/orders", null)]
    public async Task An_answer_that_breaks_off_in_the_middle_is_asked_of_another_instance_where_that_does_no_harm(string method, string path, int? length)
    {
        await using var dying = await TestUpstream.StartAsync(async context =>
        {
            context.Response.ContentType = "application/json";
            context.Response.ContentLength = length;
            await context.Response.WriteAsync("""{"the":""");
            await context.Response.Body.FlushAsync();
            context.Abort();
        });
        answer = context => context.Response.WriteAsJsonAsync(new { the = "whole" });
        await using var balanced = await TestGateway.StartAsync(
            new Dictionary<string, TestUpstream>(), null, ("Services:orders:Http", $"{dying.Address} {service.Address}"), ("Services:catalog:Http", $"{dying.Address} {service.Address}"));
        using var caller = balanced.Client();
        for (var i = 0; i < 6; i++)
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), $"{path}?page={i}") { Headers = { { "Idempotency-Key", $"{i}" } } };
            if (method == "POST") request.Content = new StringContent("{}");
            using var whole = await caller.SendAsync(request);
            Assert.Equal("""{"the":"whole"}""", await whole.Content.ReadAsStringAsync());
        }
        Assert.InRange(dying.Requests, 1, 3);
    }

    [Fact]
    public async Task An_instance_that_says_that_it_cannot_may_be_alone_with_that()
    {
        static Task CannotAsync(HttpContext context)
        {
            context.Response.StatusCode = 503;
            return context.Response.WriteAsync("I cannot.");
        }
        await using var unable = await TestUpstream.StartAsync(CannotAsync);
        await using var balanced = await TestGateway.StartAsync(new Dictionary<string, TestUpstream>(), null, ("Services:orders:Http", $"{unable.Address} {service.Address}"));
        using var caller = balanced.Client();
        async Task<HttpStatusCode> AskAsync(HttpMethod method, string? key)
        {
            using var request = new HttpRequestMessage(method, "/api/orders");
            if (method == HttpMethod.Post) request.Content = new StringContent("{}");
            if (key is not null) request.Headers.Add("Idempotency-Key", key);
            using var response = await caller.SendAsync(request);
            return response.StatusCode;
        }

        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(HttpStatusCode.OK, await AskAsync(HttpMethod.Get, key: null));
            Assert.Equal(HttpStatusCode.OK, await AskAsync(HttpMethod.Post, key: $"{i}"));
        }
        Assert.InRange(unable.Requests, 1, 3);

        // When nobody can, that is the answer, and nobody is asked twice.
        answer = CannotAsync;
        var before = unable.Requests + service.Requests;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await AskAsync(HttpMethod.Get, key: null));
        Assert.InRange(unable.Requests + service.Requests - before, 1, 2);
        before = unable.Requests + service.Requests;
        Assert.Equal(HttpStatusCode.ServiceUnavailable, await AskAsync(HttpMethod.Post, key: null));
        Assert.Equal(1, unable.Requests + service.Requests - before);
    }

    [Fact]
    public async Task A_large_answer_of_untold_length_passes_whole()
    {
        answer = context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync($"\"{new string('x', 3_000_000)}\"");
        };
        Assert.Equal(3_000_002, (await client.GetStringAsync("/api/orders")).Length);
        Assert.Equal(2, service.Requests);
    }

    [Fact]
    public async Task A_read_that_broke_off_is_tried_once_more_and_a_write_never_is()
    {
        answer = context =>
        {
            if (service.Requests == 1) context.Abort();
            return Task.CompletedTask;
        };
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/api/orders")).StatusCode);
        Assert.Equal(2, service.Requests);

        answer = context =>
        {
            context.Abort();
            return Task.CompletedTask;
        };
        await AssertProblemAsync(await client.PostAsJsonAsync("/api/orders", new { }), HttpStatusCode.ServiceUnavailable, "UNAVAILABLE");
        await AssertProblemAsync(await client.PostAsync("/api/orders/1/cancel", null), HttpStatusCode.ServiceUnavailable, "UNAVAILABLE");
        Assert.Equal(4, service.Requests);
    }

    [Fact]
    public async Task A_body_larger_than_the_route_takes_is_413_told_or_not()
    {
        answer = context => context.Request.Body.CopyToAsync(Stream.Null);
        await AssertProblemAsync(await client.PostAsync("/api/orders", new ByteArrayContent(new byte[1_000_001])), HttpStatusCode.RequestEntityTooLarge, "TOO_LARGE");
        using var untold = new HttpRequestMessage(HttpMethod.Post, "/api/orders") { Content = new ByteArrayContent(new byte[1_000_001]) };
        untold.Headers.TransferEncodingChunked = true;
        await AssertProblemAsync(await client.SendAsync(untold), HttpStatusCode.RequestEntityTooLarge, "TOO_LARGE");
        Assert.Equal(HttpStatusCode.OK, (await client.PostAsync("/api/products/import", new ByteArrayContent(new byte[5_000_000]))).StatusCode);
    }

    static async Task UntilAbortedAsync(HttpContext context, TaskCompletionSource stopped)
    {
        try
        {
            await Task.Delay(TimeSpan.FromSeconds(30), context.RequestAborted);
        }
        catch (OperationCanceledException)
        {
            stopped.SetResult();
        }
    }

    static async Task AssertProblemAsync(HttpResponseMessage response, HttpStatusCode status, string code)
    {
        Assert.Equal(status, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(code, problem.GetProperty("code").GetString());
        Assert.NotEmpty(problem.GetProperty("traceId").GetString()!);
    }

    public async ValueTask InitializeAsync()
    {
        service = await TestUpstream.StartAsync(context => answer(context));
        gateway = await TestGateway.StartAsync(new Dictionary<string, TestUpstream> { ["orders"] = service, ["catalog"] = service });
        client = gateway.Client();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await gateway.DisposeAsync();
        await service.DisposeAsync();
    }
}

/// <summary>A body that the test writes itself.</summary>
sealed class PiecewiseContent(Func<Stream, Task> write) : HttpContent
{
    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => write(stream);

    protected override bool TryComputeLength(out long length)
    {
        length = 0;
        return false;
    }
}
