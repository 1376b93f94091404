using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Rosa.Platform.Redis;

/// <summary>With <c>Redis:Address</c> there is a <see cref="RedisConnection"/> to ask for; without it whoever would use one has none.</summary>
static class RedisSetup
{
    public static void AddRedis(this IServiceCollection services, IConfiguration configuration)
    {
        if (configuration["Redis:Address"] is not { Length: > 0 }) return;
        services.AddSingleton<RedisConnection>();
        services.AddHostedService(provider => provider.GetRequiredService<RedisConnection>());
    }
}
