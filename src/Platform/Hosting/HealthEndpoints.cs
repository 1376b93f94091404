using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Platform.Identity;
using Rosa.Platform.Messaging.RabbitMq;
using Rosa.Platform.Resilience;

namespace Rosa.Platform.Hosting;

/// <summary>The answer of <c>/health/ready</c>.</summary>
/// <param name="Status"><c>ready</c> or <c>not ready</c>.</param>
/// <param name="Missing">What is missing, by name.</param>
/// <param name="Dependencies">The circuit breakers of the services called: <c>Closed</c>, <c>Open</c> or <c>HalfOpen</c>. An open one does not make this service unready.</param>
/// <param name="Broker"><c>connected</c> or <c>unreachable</c>: then events wait in the outboxes and nothing else does. Absent where events stay in the process.</param>
public sealed record ReadyReport(
    string Service, string Status, IReadOnlyDictionary<string, string> Missing, IReadOnlyDictionary<string, string> Dependencies,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Broker);

/// <param name="Status"><c>live</c>.</param>
public sealed record LiveReport(string Service, string Status);

/// <summary><c>/health/live</c> (the process runs), <c>/health/ready</c> (it can answer) and <c>/health</c> (= live).</summary>
public static class HealthEndpoints
{
    public static void MapHealth(this IEndpointRouteBuilder app)
    {
        app.MapGet("/health/live", Live).For(Access.Anyone).ExcludeFromDescription();
        app.MapGet("/health", Live).For(Access.Anyone).ExcludeFromDescription();
        app.MapGet("/health/ready", Ready).For(Access.Anyone).ExcludeFromDescription();
    }

    static Ok<LiveReport> Live(Service service) => TypedResults.Ok(new LiveReport(service.Name, "live"));

    static async Task<JsonHttpResult<ReadyReport>> Ready(Service service, Readiness readiness, Dependencies dependencies, IServiceProvider services, CancellationToken cancellationToken)
    {
        var missing = await readiness.MissingAsync(cancellationToken);
        var report = new ReadyReport(
            service.Name, missing.Count == 0 ? "ready" : "not ready", missing, dependencies.All.ToDictionary(d => d.Name, d => d.State),
            services.GetService<BrokerState>() is { } broker ? broker.IsReached ? "connected" : "unreachable" : null);
        return TypedResults.Json(report, statusCode: missing.Count == 0 ? 200 : 503);
    }
}
