using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Rosa.Platform.Discovery;

/// <summary>
/// Every address that DNS has for the host of <c>Services:catalog:Http</c> is an instance (Kubernetes headless services, compose, Cloud Map). Names
/// are looked up anew every two seconds; while DNS does not answer, its last answer counts.
/// </summary>
public sealed partial class ResolvedInstances(IConfiguration configuration, ILogger<ResolvedInstances> logger) : BackgroundService, IInstanceSource
{
    static readonly TimeSpan every = TimeSpan.FromSeconds(2);

    readonly ConcurrentDictionary<string, Followed> followed = new();

    sealed record Followed(InstancePool Pool, InstanceAddress Named)
    {
        public bool Answers { get; set; } = true;
    }

    /// <summary>Asks DNS; the system's resolver, unless a test stands in for it.</summary>
    public Func<string, CancellationToken, Task<IPAddress[]>> LookUp { get; init; } =
        (host, cancellationToken) => Dns.GetHostAddressesAsync(host, AddressFamily.InterNetwork, cancellationToken);

    /// <summary>Until DNS has answered, the name itself is the address.</summary>
    public void Follow(InstancePool pool)
    {
        var configured = ConfiguredInstances.Of(configuration, pool.Service);
        pool.Replace(configured);
        if (configured.Count != 1) return;
        var service = followed[pool.Service] = new Followed(pool, configured[0]);
        _ = LookUpAsync(service, CancellationToken.None);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(every);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await RunOnceAsync(stoppingToken);
    }

    /// <summary>Looks up all that are followed.</summary>
    public Task RunOnceAsync(CancellationToken cancellationToken) => Task.WhenAll(followed.Values.Select(service => LookUpAsync(service, cancellationToken)));

    async Task LookUpAsync(Followed service, CancellationToken cancellationToken)
    {
        var host = (service.Named.Http ?? service.Named.Grpc)!.Host;
        if (IPAddress.TryParse(host, out _)) return;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(TimeSpan.FromSeconds(5));
        try
        {
            var addresses = await LookUp(host, limit.Token);
            if (addresses.Length == 0) return;
            service.Pool.Replace([.. addresses.Distinct().Select(address => address.ToString()).Order(StringComparer.Ordinal)
                .Select(address => new InstanceAddress(At(service.Named.Http, address), At(service.Named.Grpc, address)))]);
            service.Answers = true;
        }
        catch (Exception exception) when (exception is SocketException or OperationCanceledException)
        {
            if (service.Answers && !cancellationToken.IsCancellationRequested) Log.NoAnswer(logger, host, exception.Message);
            service.Answers = false;
        }
    }

    static Uri? At(Uri? named, string address) => named is null ? null : new UriBuilder(named) { Host = address }.Uri;

    static partial class Log
    {
        [LoggerMessage(70, LogLevel.Warning, "DNS does not answer for {Host}; its last answer counts: {Reason}")]
        public static partial void NoAnswer(ILogger logger, string host, string reason);
    }
}
