using System.Diagnostics;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Configuration.Memory;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Rosa.Platform.Hosting;
using Rosa.Platform.Identity;

namespace Rosa.Platform.Telemetry;

/// <summary>
/// Logs, metrics and traces of a service.
/// <list type="bullet">
/// <item><c>Logs:Format</c>: <c>json</c> or <c>text</c>; by default text in a terminal and JSON lines elsewhere.</item>
/// <item><c>Logs:File</c>: where the lines go instead of standard output; three files of 64 MB are kept. One process a file.</item>
/// <item><c>Logging:LogLevel:…</c>: as in any ASP.NET Core application; <c>Rosa</c> is at Information, all else at Warning.</item>
/// <item><c>OTEL_EXPORTER_OTLP_ENDPOINT</c>, <c>OTEL_EXPORTER_OTLP_PROTOCOL</c>: where traces go; without it none are recorded.</item>
/// </list>
/// </summary>
public static class TelemetrySetup
{
    static readonly KeyValuePair<string, string?>[] defaults =
    [
        new("Logging:LogLevel:Default", "Warning"),
        new("Logging:LogLevel:Rosa", "Information"),

        // It writes addresses with their query, in which there may be what a person searched for or a secret: not even when all else is told.
        new("Logging:LogLevel:Microsoft.AspNetCore.Hosting.Diagnostics", "Warning"),
    ];

    public static void AddTelemetry(this WebApplicationBuilder builder, Service service)
    {
        builder.Configuration.Sources.Insert(0, new MemoryConfigurationSource { InitialData = defaults });
        var configuration = builder.Configuration;
        var asJson = configuration["Logs:Format"] switch
        {
            "json" => true,
            "text" => false,
            _ => Console.IsOutputRedirected || configuration["Logs:File"] is { Length: > 0 },
        };

        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(LogWriter.For(configuration["Logs:File"]));
        builder.Services.AddSingleton(new LogFormat(asJson));
        builder.Services.AddSingleton<ILoggerProvider>(provider => new LineLoggerProvider(service.Name, asJson, provider.GetRequiredService<LogWriter>()));
        builder.Services.AddSingleton<RequestDurations>();
        builder.Services.AddSingleton<MeterReadings>();
        builder.Services.AddSingleton<QueueDepth>();
        builder.Services.AddSingleton<MetricsPage>();
        builder.Services.AddTracing(service, configuration);
    }

    /// <summary>Measures every request from here on; comes before what may refuse one.</summary>
    public static void UseTelemetry(this WebApplication app)
    {
        var durations = app.Services.GetRequiredService<RequestDurations>();
        app.Services.GetRequiredService<MeterReadings>().Start();
        var service = app.Services.GetRequiredService<Service>().Name;
        var traced = app.Services.GetService<Tracing>() is not null;
        app.Use((context, next) =>
        {
            var startedAt = Stopwatch.GetTimestamp();
            var span = traced ? Activity.Current : null;
            Tracing.Own(span, service);
            var answering = next(context);
            if (!answering.IsCompletedSuccessfully) return MeasuredAsync(answering, context, durations, startedAt, span);
            durations.Record(context, startedAt);
            Tracing.Describe(span, context);
            return answering;
        });
    }

    static async Task MeasuredAsync(Task answering, HttpContext context, RequestDurations durations, long startedAt, Activity? span)
    {
        try
        {
            await answering;
        }
        finally
        {
            durations.Record(context, startedAt);
            Tracing.Describe(span, context);
        }
    }

    public static void MapTelemetry(this IEndpointRouteBuilder app) =>
        app.MapGet("/metrics", (HttpContext context, MetricsPage page) => page.WriteAsync(context)).For(Access.Anyone).ExcludeFromDescription();
}

/// <param name="IsJson">Whether log lines are JSON; else they are for a person to read.</param>
public sealed record LogFormat(bool IsJson);
