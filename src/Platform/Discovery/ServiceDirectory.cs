using System.Collections.Concurrent;

namespace Rosa.Platform.Discovery;

/// <summary>
/// Where services are found. A service is called by name, never by an address in code; which of its instances answers is decided call by call
/// (<see cref="InstancePool.Pick"/>).
/// </summary>
public sealed class ServiceDirectory(IInstanceSource source, TimeProvider clock)
{
    readonly ConcurrentDictionary<string, InstancePool> pools = new();
    readonly Lock following = new();

    /// <summary>The services that were asked for so far.</summary>
    public IEnumerable<InstancePool> Known => pools.Values;

    /// <summary>The instances of a service. From the first question on they are followed as they come and go.</summary>
    public InstancePool For(string service) => pools.TryGetValue(service, out var pool) ? pool : Follow(service);

    /// <summary>Nobody sees a pool before it was given what is known: of the first callers, who come at once, all but one would find it empty.</summary>
    InstancePool Follow(string service)
    {
        lock (following)
        {
            if (pools.TryGetValue(service, out var known)) return known;
            var pool = new InstancePool(service, clock);
            source.Follow(pool);
            return pools[service] = pool;
        }
    }
}

/// <summary>Where the addresses of instances come from: configuration, DNS, or their own registration in Redis (<c>Discovery:Source</c>).</summary>
public interface IInstanceSource
{
    /// <summary>Gives the pool what is known at once, and again whenever it changes. Never waits and never throws.</summary>
    void Follow(InstancePool pool);
}

/// <summary>Where one instance answers; null for what it does not speak.</summary>
public readonly record struct InstanceAddress(Uri? Http, Uri? Grpc);
