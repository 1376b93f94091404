using System.Reflection;
using Microsoft.AspNetCore.Builder;

namespace Rosa.Platform.Hosting;

/// <summary>A service as the host's table lists it: a web application of its own, reached by name.</summary>
/// <param name="Name">Lower case, as in addresses, logs and metrics: <c>catalog</c>.</param>
/// <param name="Port">Where it answers HTTP unless configured otherwise.</param>
/// <param name="Add">Registers what the service is made of.</param>
/// <param name="Map">Maps its routes.</param>
/// <param name="Calls">The services that it calls, by name.</param>
/// <param name="GrpcPort">Where it answers gRPC (HTTP/2 without TLS), if it does.</param>
public sealed record Service(
    string Name,
    int Port,
    Action<WebApplicationBuilder> Add,
    Action<WebApplication> Map,
    IReadOnlyList<string> Calls,
    int? GrpcPort = null)
{
    /// <summary>The configuration section of the service's own settings: <c>Catalog</c>.</summary>
    public string Section { get; } = char.ToUpperInvariant(Name[0]) + Name[1..];

    /// <summary>Holds the service's schema files and endpoints.</summary>
    public Assembly Assembly { get; init; } = Add.Method.DeclaringType!.Assembly;
}
