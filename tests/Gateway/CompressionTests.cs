using System.IO.Compression;
using System.Net;
using Microsoft.AspNetCore.Http;
using Rosa.Testing;

namespace Rosa.Gateway.Tests;

public sealed class CompressionTests : IAsyncLifetime
{
    const string Products = "/api/products";
    const string Tag = "\"7-abc\"";

    readonly TestClock clock = new();
    TestUpstream services = null!;
    TestService gateway = null!;
    HttpClient client = null!;
    volatile string content = string.Concat(Enumerable.Repeat("{\"title\":\"Corde à mâcher\"}", 200));

    [Theory]
    [InlineData("br", "br")]
    [InlineData("gzip", "gzip")]
    [InlineData("gzip, deflate, br, zstd", "br")]
    [InlineData("GZIP;q=0.9, br;q=0.5", "gzip")]
    [InlineData("br;q=0, gzip", "gzip")]
    [InlineData("br;q=0, gzip;q=0", null)]
    [InlineData("*", "br")]
    [InlineData("*, br;q=0", "gzip")]
    [InlineData("identity", null)]
    [InlineData("identity;q=1, br;q=0.5", null)]
    [InlineData("deflate", null)]
    [InlineData("br;q=x", null)]
    [InlineData("", null)]
    [InlineData(null, null)]
    public async Task An_answer_comes_in_the_encoding_that_is_liked_best(string? accepted, string? encoding)
    {
        for (var round = 0; round < 2; round++)   // asked of the catalog, then from the cache
        {
            using var answer = await SendAsync(HttpMethod.Get, Products, accepted);
            Assert.Equal(encoding, answer.Content.Headers.ContentEncoding.SingleOrDefault());
            Assert.Equal(content, await TextAsync(answer));
            Assert.Equal(["Accept-Language", "Accept-Encoding"], answer.Headers.Vary);
            Assert.Equal(encoding is null ? Tag : "W/" + Tag, answer.Headers.ETag!.ToString());
        }
        Assert.Equal(1, services.Requests);
    }

    [Theory]
    [InlineData("br")]
    [InlineData("gzip")]
    [InlineData(null)]
    public async Task Who_has_it_in_either_encoding_gets_304(string? accepted)
    {
        foreach (var known in new[] { Tag, "W/" + Tag, $"\"other\", W/{Tag}", "*" })
        {
            using var answer = await SendAsync(HttpMethod.Get, Products, accepted, known);
            Assert.Equal(HttpStatusCode.NotModified, answer.StatusCode);
            Assert.Empty(await answer.Content.ReadAsByteArrayAsync());
            Assert.Empty(answer.Content.Headers.ContentEncoding);
            Assert.Contains("Accept-Encoding", answer.Headers.Vary);
        }
        using var other = await SendAsync(HttpMethod.Get, Products, accepted, "\"other\"");
        Assert.Equal(HttpStatusCode.OK, other.StatusCode);
    }

    [Fact]
    public async Task HEAD_says_what_GET_would_without_the_body()
    {
        foreach (var accepted in new[] { "br", "gzip", null })
        {
            using var get = await SendAsync(HttpMethod.Get, Products, accepted);
            using var head = await SendAsync(HttpMethod.Head, Products, accepted);
            Assert.Empty(await head.Content.ReadAsByteArrayAsync());
            Assert.Equal(get.Content.Headers.ContentLength, head.Content.Headers.ContentLength);
            Assert.Equal(get.Content.Headers.ContentEncoding, head.Content.Headers.ContentEncoding);
            Assert.Equal((get.Headers.ETag, get.Headers.Vary.ToString()), (head.Headers.ETag, head.Headers.Vary.ToString()));
        }
        Assert.Equal(1, services.Requests);
    }

    [Fact]
    public async Task A_change_is_seen_in_every_encoding_within_a_second()
    {
        foreach (var accepted in new[] { "br", "gzip", null }) Assert.Equal(content, await ReadAsync(accepted));
        content += content;
        clock.Advance(TimeSpan.FromMilliseconds(900));
        foreach (var accepted in new[] { "br", "gzip", null }) Assert.Equal(content, await ReadAsync(accepted));
        Assert.Equal(2, services.Requests);
    }

    [Theory]
    [InlineData("/api/categories")]                                                // short
    [InlineData("/api/images/019aa000-0000-7000-8000-000000000000")]               // a picture
    [InlineData("/api/orders")]                                                    // somebody's own
    public async Task What_is_short_a_picture_or_ones_own_is_not_compressed(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, "br, gzip");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Empty(answer.Content.Headers.ContentEncoding);
    }

    [Fact]
    public async Task The_description_of_the_API_is_compressed_too()
    {
        using var plain = await SendAsync(HttpMethod.Get, "/openapi/v1.json", accepted: null);
        using var small = await SendAsync(HttpMethod.Get, "/openapi/v1.json", "gzip");
        Assert.Equal(await TextAsync(plain), await TextAsync(small));
        Assert.True(small.Content.Headers.ContentLength < plain.Content.Headers.ContentLength / 2);
    }

    async Task<string> ReadAsync(string? accepted)
    {
        using var answer = await SendAsync(HttpMethod.Get, Products, accepted);
        return await TextAsync(answer);
    }

    Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, string? accepted, string? known = null)
    {
        var request = new HttpRequestMessage(method, path);
        if (accepted is not null) request.Headers.TryAddWithoutValidation("Accept-Encoding", accepted);
        if (known is not null) request.Headers.TryAddWithoutValidation("If-None-Match", known);
        return client.SendAsync(request);
    }

    static async Task<string> TextAsync(HttpResponseMessage answer)
    {
        await using var body = await answer.Content.ReadAsStreamAsync();
        await using Stream plain = answer.Content.Headers.ContentEncoding.SingleOrDefault() switch
        {
            "br" => new BrotliStream(body, CompressionMode.Decompress),
            "gzip" => new GZipStream(body, CompressionMode.Decompress),
            _ => body,
        };
        using var reader = new StreamReader(plain);
        return await reader.ReadToEndAsync();
    }

    Task AnswerAsync(HttpContext context)
    {
        var path = context.Request.Path.Value!;
        context.Response.ContentType = path.StartsWith("/api/images", StringComparison.Ordinal) ? "image/webp" : "application/json; charset=utf-8";
        context.Response.Headers.Vary = "Accept-Language";
        context.Response.Headers.ETag = Tag;
        return context.Response.WriteAsync(path == "/api/categories" ? "[]" : content);
    }

    public async ValueTask InitializeAsync()
    {
        services = await TestUpstream.StartAsync(AnswerAsync);
        gateway = await TestGateway.StartAsync(new Dictionary<string, TestUpstream> { ["catalog"] = services, ["orders"] = services }, clock);
        client = gateway.Client();
    }

    public async ValueTask DisposeAsync()
    {
        client.Dispose();
        await gateway.DisposeAsync();
        await services.DisposeAsync();
    }
}
