using Microsoft.Extensions.Configuration;

namespace Rosa.Platform.Discovery;

/// <summary>
/// Addresses from configuration: <c>Services:catalog:Http</c>, <c>Services:catalog:Grpc</c>, each one address or several with blanks between
/// them. The n-th of both belong to the same instance.
/// </summary>
public sealed class ConfiguredInstances(IConfiguration configuration) : IInstanceSource
{
    public void Follow(InstancePool pool) => pool.Replace(Of(configuration, pool.Service));

    internal static IReadOnlyList<InstanceAddress> Of(IConfiguration configuration, string service)
    {
        var http = Addresses(configuration, $"Services:{service}:Http");
        var grpc = Addresses(configuration, $"Services:{service}:Grpc");
        return [.. Enumerable.Range(0, Math.Max(http.Length, grpc.Length)).Select(i => new InstanceAddress(http.ElementAtOrDefault(i), grpc.ElementAtOrDefault(i)))];
    }

    static Uri[] Addresses(IConfiguration configuration, string setting) =>
        [.. (configuration[setting] ?? "").Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Select(address =>
            Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
                ? uri
                : throw new InvalidOperationException($"{setting} holds '{address}', which is no address such as http://catalog:8002."))];
}
