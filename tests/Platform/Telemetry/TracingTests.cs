using System.Collections.Concurrent;
using System.Text;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;

namespace Rosa.Platform.Tests.Telemetry;

public sealed class TracingTests
{
    [Fact]
    public async Task Spans_of_a_service_are_sent_over_OTLP_under_its_name_and_continue_the_callers_trace()
    {
        var sent = new ConcurrentBag<byte[]>();
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        await using var collector = builder.Build();
        collector.Urls.Add("http://127.0.0.1:0");
        collector.MapPost("/v1/traces", async (HttpRequest request) =>
        {
            using var body = new MemoryStream();
            await request.Body.CopyToAsync(body);
            sent.Add(body.ToArray());
        });
        await collector.StartAsync(TestContext.Current.CancellationToken);

        foreach (var name in (string[])["traced-one", "traced-two"])
        {
            await using var app = ServiceProcess.Build(
                new Service(name, Port: 0, _ => { }, app => app.MapGet("/hello", () => "hello").For(Access.Anyone), Calls: []),
                [new("OTEL_EXPORTER_OTLP_ENDPOINT", Address(collector))], []);
            await app.StartAsync(TestContext.Current.CancellationToken);
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, Address(app) + "/hello");
            request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            await http.SendAsync(request, TestContext.Current.CancellationToken);
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        var traceId = Convert.FromHexString("0af7651916cd43dd8448eb211c80319c");
        foreach (var name in (string[])["traced-one", "traced-two"])
            Assert.Contains(sent, body => Holds(body, Encoding.UTF8.GetBytes(name)) && Holds(body, traceId) && Holds(body, "GET /hello"u8));
        Assert.DoesNotContain(sent, body => Holds(body, "traced-one"u8) && Holds(body, "traced-two"u8));
    }

    static bool Holds(byte[] body, ReadOnlySpan<byte> part) => body.AsSpan().IndexOf(part) >= 0;

    static string Address(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
}
