using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using OpenTelemetry;
using OpenTelemetry.Exporter;
using OpenTelemetry.Resources;
using OpenTelemetry.Trace;
using Rosa.Platform.Hosting;

namespace Rosa.Platform.Telemetry;

/// <summary>
/// Sends the spans of one service over OTLP. Activity sources belong to the process, and several services may live in one:
/// a span is the service's when it, or one of the spans it came from, is marked as its own; where only one service is traced, all are.
/// </summary>
sealed class Tracing : IHostedService, IDisposable
{
    const string OwnerKey = "rosa.service";
    static int tracedServices;

    readonly TracerProvider provider;

    public Tracing(string service, BaseExporter<Activity> exporter)
    {
        Interlocked.Increment(ref tracedServices);
        provider = Sdk.CreateTracerProviderBuilder()
            .ConfigureResource(resource => resource.AddService(service))
            .AddSource("Microsoft.AspNetCore", "System.Net.Http", "Npgsql", "Rosa.*")
            .SetSampler(new ParentBasedSampler(new WorkSampler()))
            .AddProcessor(new OwnSpans(service, exporter))
            .Build();
    }

    /// <summary>Marks a span, and all that come from it, as this service's.</summary>
    public static void Own(Activity? activity, string service) => activity?.SetCustomProperty(OwnerKey, service);

    /// <summary>Names the span of a request by what was asked, as OpenTelemetry's conventions for HTTP have it; never by the address, which may hold a secret.</summary>
    public static void Describe(Activity? span, HttpContext context)
    {
        if (span is not { IsAllDataRequested: true }) return;
        var (method, route) = (RequestDurations.Known(context.Request.Method), RequestDurations.RouteOf(context.GetEndpoint()));
        span.DisplayName = $"{method} {route}";
        span.SetTag("http.request.method", method).SetTag("http.route", route).SetTag("http.response.status_code", context.Response.StatusCode);
        if (context.Response.StatusCode >= 500) span.SetStatus(ActivityStatusCode.Error);
    }

    static string? OwnerOf(Activity activity)
    {
        for (var span = activity; span is not null; span = span.Parent)
        {
            if (span.GetCustomProperty(OwnerKey) is string owner) return owner;
        }
        return null;
    }

    // The provider is made when the service starts and not at the first span.
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken)
    {
        provider.ForceFlush(2_000);
        return Task.CompletedTask;
    }

    public void Dispose()
    {
        Interlocked.Decrement(ref tracedServices);
        provider.Dispose();
    }

    /// <summary>Everything that starts with a request or an event; a query of a background loop that found nothing to do tells nobody anything.</summary>
    sealed class WorkSampler : Sampler
    {
        public override SamplingResult ShouldSample(in SamplingParameters samplingParameters) =>
            new(samplingParameters.Kind == ActivityKind.Client ? SamplingDecision.Drop : SamplingDecision.RecordAndSample);
    }

    sealed class OwnSpans(string service, BaseExporter<Activity> exporter) : BatchActivityExportProcessor(exporter)
    {
        public override void OnEnd(Activity data)
        {
            if (OwnerOf(data) is { } owner ? owner == service : tracedServices == 1) base.OnEnd(data);
        }
    }
}

static class TracingSetup
{
    public static void AddTracing(this IServiceCollection services, Service service, IConfiguration configuration)
    {
        if (configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] is not { Length: > 0 } endpoint) return;
        services.AddSingleton(_ => new Tracing(service.Name, new OtlpTraceExporter(ExporterOptions(endpoint, configuration["OTEL_EXPORTER_OTLP_PROTOCOL"]))));
        services.AddHostedService(provider => provider.GetRequiredService<Tracing>());
    }

    static OtlpExporterOptions ExporterOptions(string endpoint, string? protocol) => protocol == "grpc"
        ? new OtlpExporterOptions { Protocol = OtlpExportProtocol.Grpc, Endpoint = new Uri(endpoint) }
        : new OtlpExporterOptions { Protocol = OtlpExportProtocol.HttpProtobuf, Endpoint = new Uri(endpoint.TrimEnd('/') + "/v1/traces") };
}
