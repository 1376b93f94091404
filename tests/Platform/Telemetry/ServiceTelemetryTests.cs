using System.Diagnostics.Metrics;
using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;
using Rosa.Platform.Telemetry;

namespace Rosa.Platform.Tests.Telemetry;

public sealed partial class ServiceTelemetryTests : IAsyncLifetime
{
    readonly string logFile = Path.Combine(Path.GetTempPath(), $"rosa-{Guid.NewGuid():N}.log");
    readonly HttpClient http = new();
    WebApplication first = null!;
    WebApplication second = null!;

    [Fact]
    public async Task The_page_of_a_service_counts_its_own_requests_by_route_method_and_status()
    {
        await http.GetAsync(Address(first) + "/things/1", Cancelled);
        await http.GetAsync(Address(first) + "/things/2", Cancelled);
        await http.GetAsync(Address(second) + "/things/3", Cancelled);
        await http.GetAsync(Address(first) + "/nowhere", Cancelled);

        var metrics = await http.GetStringAsync(Address(first) + "/metrics", Cancelled);
        Assert.Contains("http_server_request_duration_seconds_count{route=\"/things/{id}\",method=\"GET\",status=\"200\"} 2\n", metrics);
        Assert.Contains("http_server_request_duration_seconds_bucket{route=\"/things/{id}\",method=\"GET\",status=\"200\",le=\"+Inf\"} 2\n", metrics);
        Assert.Contains("route=\"none\",method=\"GET\",status=\"404\"", metrics);
        Assert.Contains("rosa_service{service=\"first\"} 1\n", metrics);
        Assert.Contains("dotnet_gc_heap_bytes", metrics);
    }

    [Fact]
    public async Task Meters_of_one_service_do_not_show_on_the_page_of_another_in_the_same_process()
    {
        await http.GetAsync(Address(first) + "/things/1", Cancelled);
        Assert.Contains("things_seen_total{kind=\"blue\"} ", await http.GetStringAsync(Address(first) + "/metrics", Cancelled));
        Assert.DoesNotContain("things_seen_total", await http.GetStringAsync(Address(second) + "/metrics", Cancelled));
    }

    [Fact]
    public async Task A_log_line_is_JSON_with_the_service_and_the_ids_of_the_request()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address(first) + "/things/1");
        request.Headers.Add(Correlation.Header, "test-correlation");
        request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
        await http.SendAsync(request, Cancelled);
        LogWriter.For(logFile).Flush();

        var line = (await File.ReadAllLinesAsync(logFile, Cancelled)).Select(l => JsonDocument.Parse(l).RootElement)
            .Single(l => l.TryGetProperty("correlationId", out var id) && id.GetString() == "test-correlation");
        Assert.Equal("first", line.GetProperty("service").GetString());
        Assert.Equal("Information", line.GetProperty("level").GetString());
        Assert.Equal("A thing was \"seen\"", line.GetProperty("message").GetString());
        Assert.Equal("0af7651916cd43dd8448eb211c80319c", line.GetProperty("traceId").GetString());
        Assert.Equal("Rosa.Things", line.GetProperty("category").GetString());
        Assert.True(DateTimeOffset.TryParse(line.GetProperty("at").GetString(), out _));
    }

    [Theory]
    [InlineData("550 5.1.1 <xan.thippe@people.example>: no such person", "550 5.1.1 <(an address)>: no such person")]
    [InlineData("GET /users/xan%40people.example?q=a+b@c.org", "GET /users/(an address)?q=(an address)")]
    [InlineData("select 1 where a = @a and b = @b", "select 1 where a = @a and b = @b")]
    public async Task An_email_address_in_what_somebody_else_complains_of_is_left_out(string said, string logged)
    {
        await http.GetAsync($"{Address(first)}/things/told?words={Uri.EscapeDataString(said)}", Cancelled);
        LogWriter.For(logFile).Flush();
        Assert.Contains(await File.ReadAllLinesAsync(logFile, Cancelled), line => JsonDocument.Parse(line).RootElement.GetProperty("message").GetString() == $"A thing was \"{logged}\"");
    }

    public async ValueTask InitializeAsync()
    {
        first = await StartAsync("first");
        second = await StartAsync("second");
        await http.GetAsync(Address(second) + "/health", Cancelled);
    }

    async Task<WebApplication> StartAsync(string name)
    {
        var service = new Service(name, Port: 0, _ => { }, Map, Calls: []);
        var app = ServiceProcess.Build(service, [new("Logs:File", logFile), new("Logs:Format", "json")], []);
        await app.StartAsync(Cancelled);
        return app;
    }

    static void Map(WebApplication app)
    {
        var seen = app.Services.GetRequiredService<IMeterFactory>().Create("Rosa.Things").CreateCounter<long>("things.seen");
        var logger = app.Services.GetRequiredService<ILoggerFactory>().CreateLogger("Rosa.Things");
        app.MapGet("/things/{id}", (string id, string? words) =>
        {
            if (id == "1") seen.Add(1, new KeyValuePair<string, object?>("kind", "blue"));
            Log.Seen(logger, words ?? "seen");
            return id;
        }).For(Access.Anyone);
    }

    static string Address(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();

    static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await first.DisposeAsync();
        await second.DisposeAsync();
        File.Delete(logFile);
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Information, "A thing was \"{What}\"")]
        public static partial void Seen(ILogger logger, string what);
    }
}
