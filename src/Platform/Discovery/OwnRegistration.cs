using System.Net;
using System.Net.NetworkInformation;
using System.Net.Sockets;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Rosa.Platform.Hosting;
using Rosa.Platform.Redis;

namespace Rosa.Platform.Discovery;

/// <summary>
/// Keeps this instance in the registry from the moment it answers until it begins to leave; and knows, before it is ready, where the services are that it calls.
/// </summary>
public sealed class OwnRegistration(
    RegisteredInstances registry, RedisConnection redis, ServiceDirectory directory, Service service, IServer server, IConfiguration configuration, IHostApplicationLifetime lifetime, TimeProvider clock) : BackgroundService
{
    static readonly TimeSpan renewEvery = TimeSpan.FromSeconds(1);

    readonly SemaphoreSlim writing = new(1);
    RegisteredInstance? self;
    bool hasLeft;

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        foreach (var called in service.Calls) directory.For(called);
        await redis.FirstLook.WaitAsync(cancellationToken);
        await registry.RunOnceAsync();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var starting = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
        self = Describe();
        using var timer = new PeriodicTimer(renewEvery);
        do await RenewAsync();
        while (await timer.WaitForNextTickAsync(stoppingToken));
    }

    async Task RenewAsync()
    {
        await writing.WaitAsync();
        try
        {
            if (!hasLeft) await registry.RenewAsync(service.Name, self!);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Takes this instance out of the registry, for good.</summary>
    public async Task LeaveAsync()
    {
        await writing.WaitAsync();
        try
        {
            if (hasLeft || self is null) return;
            hasLeft = true;
            await registry.LeaveAsync(service.Name, self);
        }
        finally
        {
            writing.Release();
        }
    }

    RegisteredInstance Describe()
    {
        var ports = server.Features.Get<IServerAddressesFeature>()!.Addresses.Select(address => new Uri(address).Port).ToList();
        var host = AdvertisedHost();
        return new RegisteredInstance(
            At(host, ports[0]), service.GrpcPort is null ? null : At(host, ports[1]), clock.GetUtcNow(), service.Assembly.GetName().Version?.ToString() ?? "0");
    }

    /// <summary>Where the others reach this machine: as configured, or where it listens; when that is everywhere, its first address in the network.</summary>
    string AdvertisedHost()
    {
        if (configuration["Discovery:AdvertisedAddress"] is { Length: > 0 } advertised) return advertised;
        var listens = IPAddress.Parse(configuration["Listen:Address"] ?? "127.0.0.1");
        if (!listens.Equals(IPAddress.Any) && !listens.Equals(IPAddress.IPv6Any)) return listens.ToString();
        return NetworkInterface.GetAllNetworkInterfaces()
            .Where(network => network.OperationalStatus == OperationalStatus.Up && network.NetworkInterfaceType != NetworkInterfaceType.Loopback)
            .SelectMany(network => network.GetIPProperties().UnicastAddresses)
            .FirstOrDefault(address => address.Address.AddressFamily == AddressFamily.InterNetwork)?.Address.ToString() ?? "127.0.0.1";
    }

    static Uri At(string host, int port) => new UriBuilder("http", host, port).Uri;

    public override void Dispose()
    {
        writing.Dispose();
        base.Dispose();
    }
}
