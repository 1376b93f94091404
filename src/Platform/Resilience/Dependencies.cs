using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Rosa.Platform.Grpc;

namespace Rosa.Platform.Resilience;

/// <summary>The services that this one calls, each with its circuit breaker; shown on <c>/health/ready</c> and in <c>/metrics</c>.</summary>
public sealed class Dependencies(IConfiguration configuration, ILogger<Dependency> logger)
{
    readonly ConcurrentDictionary<string, Dependency> byName = new();

    public IEnumerable<Dependency> All => byName.Values;

    public Dependency For(string service) => byName.GetOrAdd(service, name => new Dependency(
        name, IsFailure,
        opensAfter: configuration.GetValue("Resilience:BreakerOpensAfter", 3),
        staysOpen: TimeSpan.FromSeconds(configuration.GetValue("Resilience:BreakerOpenSeconds", 10)),
        logger));

    static bool IsFailure(Exception exception) => exception switch
    {
        GrpcException { Status: GrpcStatusCode.Unavailable or GrpcStatusCode.DeadlineExceeded or GrpcStatusCode.Unknown or GrpcStatusCode.Internal } => true,
        HttpRequestException or TimeoutException => true,
        _ => false,
    };
}
