using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Rosa.Platform.Discovery;

/// <summary>Chooses where instances are found: <c>Discovery:Source</c> is <c>configuration</c> (the default), <c>dns</c> or <c>redis</c>.</summary>
public static class DiscoverySetup
{
    internal static void AddDiscovery(this IServiceCollection services, IConfiguration configuration)
    {
        services.AddSingleton<ServiceDirectory>();
        switch (SourceOf(configuration))
        {
            case "configuration":
                services.AddSingleton<IInstanceSource, ConfiguredInstances>();
                break;
            case "dns":
                services.AddSingleton<ResolvedInstances>();
                services.AddSingleton<IInstanceSource>(provider => provider.GetRequiredService<ResolvedInstances>());
                services.AddHostedService(provider => provider.GetRequiredService<ResolvedInstances>());
                break;
            case "redis" when configuration["Redis:Address"] is { Length: > 0 }:
                services.AddSingleton<RegisteredInstances>();
                services.AddSingleton<IInstanceSource>(provider => provider.GetRequiredService<RegisteredInstances>());
                services.AddHostedService(provider => provider.GetRequiredService<RegisteredInstances>());
                services.AddSingleton<OwnRegistration>();
                services.AddHostedService(provider => provider.GetRequiredService<OwnRegistration>());
                break;
            case "redis":
                throw new InvalidOperationException("Discovery:Source is redis, and Redis:Address is not set.");
            case var unknown:
                throw new InvalidOperationException($"Discovery:Source is configuration, dns or redis, not {unknown}.");
        }
    }

    /// <summary>Whether there is any place where instances of a service may be found.</summary>
    public static bool CanFind(this IConfiguration configuration, string service) =>
        configuration[$"Services:{service}:Http"] is { Length: > 0 } || configuration[$"Services:{service}:Grpc"] is { Length: > 0 } || SourceOf(configuration) == "redis";

    static string SourceOf(IConfiguration configuration) => configuration["Discovery:Source"] ?? "configuration";
}
