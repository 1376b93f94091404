using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.Logging;
using Rosa.Platform.Hosting;

namespace Rosa.Platform.Telemetry;

/// <summary>Logs, metrics and traces of a service.</summary>
public static class TelemetrySetup
{
    public static void AddTelemetry(this WebApplicationBuilder builder, Service service)
    {
        builder.Logging.ClearProviders();
        builder.Logging.AddSimpleConsole();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
    }

    public static void UseTelemetry(this WebApplication app)
    {
    }

    public static void MapTelemetry(this IEndpointRouteBuilder app)
    {
    }
}
