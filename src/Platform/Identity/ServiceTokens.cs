using System.Net.Http.Json;
using Microsoft.Extensions.Configuration;
using Rosa.Platform.Discovery;
using Rosa.Platform.Hosting;
using Rosa.Platform.Resilience;

namespace Rosa.Platform.Identity;

/// <summary>What a service asks Users for at <c>POST /internal/service-tokens</c>.</summary>
/// <param name="Secret">The service's own secret, from <c>Identity:ServiceSecret</c>.</param>
public sealed record ServiceTokenRequest(string Service, string Secret);

/// <param name="ExpiresIn">Seconds.</param>
public sealed record ServiceTokenResponse(string Token, int ExpiresIn);

/// <summary>Where a service's own token comes from.</summary>
public interface IServiceTokenSource
{
    ValueTask<string> GetAsync(CancellationToken cancellationToken);
}

/// <summary>This service's short-lived token, asked of Users and renewed two minutes before it ends.</summary>
public sealed class ServiceTokens(Service service, IConfiguration configuration, ServiceDirectory directory, TimeProvider clock) : IServiceTokenSource, IDisposable
{
    static readonly TimeSpan renewBefore = TimeSpan.FromMinutes(2);

    readonly HttpClient http = BalancingHandler.NewClient(directory, TimeSpan.FromSeconds(5));
    readonly SemaphoreSlim asking = new(1);
    volatile Held? held;

    sealed record Held(string Token, DateTimeOffset Until);

    public ValueTask<string> GetAsync(CancellationToken cancellationToken) =>
        held is { } good && clock.GetUtcNow() < good.Until ? ValueTask.FromResult(good.Token) : AskAsync(cancellationToken);

    async ValueTask<string> AskAsync(CancellationToken cancellationToken)
    {
        await asking.WaitAsync(cancellationToken);
        try
        {
            if (held is { } good && clock.GetUtcNow() < good.Until) return good.Token;
            var secret = configuration["Identity:ServiceSecret"] ?? throw new InvalidOperationException("Identity:ServiceSecret is not set.");
            using var response = await http.PostAsJsonAsync(
                "http://users/internal/service-tokens", new ServiceTokenRequest(service.Name, secret), cancellationToken);
            response.EnsureSuccessStatusCode();
            var answer = (await response.Content.ReadFromJsonAsync<ServiceTokenResponse>(cancellationToken))!;
            held = new Held(answer.Token, clock.GetUtcNow() + TimeSpan.FromSeconds(answer.ExpiresIn) - renewBefore);
            return answer.Token;
        }
        finally
        {
            asking.Release();
        }
    }

    public void Dispose()
    {
        http.Dispose();
        asking.Dispose();
    }
}
