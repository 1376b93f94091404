using System.Collections.Concurrent;
using System.Net.Http.Json;
using System.Security.Cryptography;
using Rosa.Platform.Discovery;
using Rosa.Platform.Resilience;

namespace Rosa.Platform.Identity;

/// <summary>
/// The keys that Users publishes at <c>/.well-known/jwks.json</c>. A key id not seen before makes it ask again (at most once
/// a second), so that a rotation logs nobody out; what Users no longer publishes is dropped within ten minutes.
/// </summary>
public sealed class PublishedTokenKeys(ServiceDirectory directory, TimeProvider clock) : ITokenKeys, IDisposable
{
    static readonly TimeSpan keptFor = TimeSpan.FromMinutes(10);
    static readonly TimeSpan unknownAskedEvery = TimeSpan.FromSeconds(1);

    readonly HttpClient http = BalancingHandler.NewClient(directory, TimeSpan.FromSeconds(3));
    readonly SemaphoreSlim asking = new(1);
    volatile ConcurrentDictionary<string, ECDsa> keys = new();
    DateTimeOffset askedAt = DateTimeOffset.MinValue;

    public async ValueTask<ECDsa?> FindAsync(string keyId, CancellationToken cancellationToken)
    {
        var known = keys.TryGetValue(keyId, out var key);
        if (known && clock.GetUtcNow() - askedAt < keptFor) return key;
        if (known && asking.CurrentCount == 0) return key;   // somebody asks already: nobody else need wait for it

        await asking.WaitAsync(cancellationToken);
        try
        {
            var age = clock.GetUtcNow() - askedAt;
            if (keys.TryGetValue(keyId, out key) ? age < keptFor : age < unknownAskedEvery) return key;
            var published = await http.GetFromJsonAsync<JsonWebKeySet>("http://users/.well-known/jwks.json", cancellationToken);
            keys = new ConcurrentDictionary<string, ECDsa>(published!.Keys.ToDictionary(k => k.Kid, k => k.ToKey()));
            askedAt = clock.GetUtcNow();
        }
        catch (HttpRequestException) when (known)
        {
            // Users is down: the key that we have is still the best knowledge there is.
            askedAt = clock.GetUtcNow() - keptFor + TimeSpan.FromSeconds(10);
        }
        finally
        {
            asking.Release();
        }
        return keys.GetValueOrDefault(keyId);
    }

    public void Dispose()
    {
        http.Dispose();
        asking.Dispose();
    }
}
