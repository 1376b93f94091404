using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;

namespace Rosa.Platform.Discovery;

/// <summary>Where services are found. A service is called by name, never by an address in code.</summary>
public interface IServiceDirectory
{
    /// <summary>The HTTP address of a service. Throws <see cref="InvalidOperationException"/> when none is known.</summary>
    Uri Http(string service);

    /// <summary>The gRPC address of a service. Throws <see cref="InvalidOperationException"/> when none is known.</summary>
    Uri Grpc(string service);
}

/// <summary>Addresses from configuration: <c>Services:catalog:Http</c>, <c>Services:catalog:Grpc</c>.</summary>
public sealed class ConfiguredServiceDirectory(IConfiguration configuration) : IServiceDirectory
{
    readonly ConcurrentDictionary<string, Uri> addresses = new();

    public Uri Http(string service) => Find(service, "Http");

    public Uri Grpc(string service) => Find(service, "Grpc");

    Uri Find(string service, string kind) =>
        configuration[$"Services:{service}:{kind}"] is { Length: > 0 } address
            ? addresses.GetOrAdd(address, text => new Uri(text))
            : throw new InvalidOperationException($"No address of {service} is known. Set Services:{service}:{kind} (environment: Services__{service}__{kind}).");
}
