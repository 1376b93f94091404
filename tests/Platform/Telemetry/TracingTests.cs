using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;
using Rosa.Testing;

namespace Rosa.Platform.Tests.Telemetry;

public sealed class TracingTests
{
    [Fact]
    public async Task Spans_of_a_service_are_sent_over_OTLP_under_its_name_and_continue_the_callers_trace()
    {
        await using var collector = await OtlpReceiver.StartAsync();
        foreach (var name in (string[])["traced-one", "traced-two"])
        {
            await using var app = ServiceProcess.Build(
                new Service(name, Port: 0, _ => { }, app => app.MapGet("/hello", () => "hello").For(Access.Anyone), Calls: []),
                [new("OTEL_EXPORTER_OTLP_ENDPOINT", collector.Address)], []);
            await app.StartAsync(TestContext.Current.CancellationToken);
            using var http = new HttpClient();
            using var request = new HttpRequestMessage(HttpMethod.Get, Address(app) + "/hello");
            request.Headers.Add("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01");
            await http.SendAsync(request, TestContext.Current.CancellationToken);
            await app.StopAsync(TestContext.Current.CancellationToken);
        }

        var spans = collector.Spans.Where(span => span is { TraceId: "0af7651916cd43dd8448eb211c80319c", ParentId: "b7ad6b7169203331", Name: "GET /hello", Kind: SpanKind.Server });
        Assert.Equal(["traced-one", "traced-two"], spans.Select(span => span.Service).Order());
    }

    static string Address(WebApplication app) =>
        app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
}
