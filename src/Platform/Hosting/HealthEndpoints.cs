using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Platform.Identity;
using Rosa.Platform.Messaging.RabbitMq;
using Rosa.Platform.Redis;
using Rosa.Platform.Resilience;

namespace Rosa.Platform.Hosting;

/// <summary>The answer of <c>/health/ready</c>.</summary>
/// <param name="Status"><c>ready</c> or <c>not ready</c>.</param>
/// <param name="Missing">What is missing, by name.</param>
/// <param name="Dependencies">The circuit breakers of the services called: <c>Closed</c>, <c>Open</c> or <c>HalfOpen</c>; and <c>rabbitmq</c> and <c>redis</c>, <c>Up</c> or <c>Down</c>, where they are used. None of them makes this service unready.</param>
public sealed record ReadyReport(string Service, string Status, IReadOnlyDictionary<string, string> Missing, IReadOnlyDictionary<string, string> Dependencies);

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
        var states = dependencies.All.ToDictionary(dependency => dependency.Name, dependency => dependency.State);
        if (services.GetService<BrokerState>() is { } broker) states["rabbitmq"] = broker.IsReached ? "Up" : "Down";
        if (services.GetService<RedisConnection>() is { } redis) states["redis"] = redis.IsUp ? "Up" : "Down";
        var report = new ReadyReport(service.Name, missing.Count == 0 ? "ready" : "not ready", missing, states);
        return TypedResults.Json(report, statusCode: missing.Count == 0 ? 200 : 503);
    }
}
