using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Rosa.Platform.Telemetry;

namespace Rosa.Gateway.Tests;

public sealed class RequestLogTests
{
    [Fact]
    public async Task Every_request_leaves_one_line_without_its_query_and_with_its_address_cut_short()
    {
        var file = Path.Combine(Path.GetTempPath(), $"rosa-{Guid.NewGuid():N}.log");
        await using var catalog = await TestUpstream.StartAsync(context => context.Response.WriteAsync("12345"));
        await using var gateway = await TestGateway.StartAsync("catalog", catalog, null, ("Gateway:RequestLog", "true"), ("Logs:File", file), ("Logs:Format", "json"), ("Gateway:TrustedProxies", "127.0.0.1"));
        using var client = gateway.Client();
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.77");
        client.DefaultRequestHeaders.Add("X-Correlation-Id", "line-1");
        await client.GetAsync("/api/products?search=my%20secret");
        await client.GetAsync("/api/products?search=my%20secret");
        await client.GetAsync("/api/x%22%0Ay");
        await client.GetAsync("/api/" + new string('é', 1_000));
        await client.GetAsync("/api/users/somebody%40customer.example/orders");

        var waitUntil = Environment.TickCount64 + 10_000;
        List<JsonElement> lines;
        do
        {
            LogWriter.For(file).Flush();
            lines = [.. (await File.ReadAllLinesAsync(file)).Where(line => line.Contains("Rosa.Gateway.Request")).Select(line => JsonDocument.Parse(line).RootElement)];
        }
        while (lines.Count < 5 && waitUntil > Environment.TickCount64);   // a line is written when its answer is complete: maybe after the client has it
        File.Delete(file);
        Assert.Equal(5, lines.Count);
        Assert.Equal(["miss", "hit"], lines.Take(2).Select(line => line.GetProperty("cache").GetString()));
        Assert.All(lines.Take(2), line =>
        {
            Assert.Equal("GET", line.GetProperty("method").GetString());
            Assert.Equal("/api/products", line.GetProperty("path").GetString());
            Assert.Equal(200, line.GetProperty("status").GetInt32());
            Assert.Equal(5, line.GetProperty("bytes").GetInt64());
            Assert.Equal("203.0.113.0", line.GetProperty("client").GetString());
            Assert.Equal("line-1", line.GetProperty("correlationId").GetString());
            Assert.Equal("catalog", line.GetProperty("upstream").GetString());
            Assert.Equal(32, line.GetProperty("traceId").GetString()!.Length);
            Assert.True(line.GetProperty("ms").GetDouble() >= 0);
        });
        Assert.Equal("/api/x\"\ny", lines[2].GetProperty("path").GetString());
        Assert.Equal(404, lines[3].GetProperty("status").GetInt32());
        Assert.Equal("/api/users/…", lines[4].GetProperty("path").GetString());
    }
}
