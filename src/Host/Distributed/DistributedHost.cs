using System.Diagnostics;
using System.Globalization;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Rosa.Platform.Database;
using Rosa.Platform.Hosting;

namespace Rosa.Host.Distributed;

/// <summary>
/// Every service as processes of its own, with PostgreSQL, RabbitMQ, Redis and Caddy beside them. This process supervises: it starts them in order, starts again what ends
/// by itself, replaces instances when told to, and stops all from Caddy backwards.
/// </summary>
sealed class DistributedHost(HostArguments arguments, DataFolder folder) : IAsyncDisposable
{
    readonly int offset = arguments.PortOffset;
    readonly IReadOnlyList<Service> services = Services.Named(arguments.Services);
    readonly IReadOnlyDictionary<string, int> scale = Scale.Parse(arguments.Scale);
    readonly InstancePorts ports = new(arguments.PortOffset, Scale.Parse(arguments.Scale));
    readonly List<IAsyncDisposable> running = [];   // in the order they were started, which is that of who needs whom
    readonly List<Child> stores = [];
    readonly Lock telling = new();
    bool ready;

    /// <summary>Runs until it is told to stop; the result is the exit code.</summary>
    public static async Task<int> RunAsync(HostArguments arguments, DataFolder folder, CancellationToken stop)
    {
        await using var host = new DistributedHost(arguments, folder);
        await host.RunAsync(stop);
        return 0;
    }

    async Task RunAsync(CancellationToken stop)
    {
        var begin = Stopwatch.GetTimestamp();
        Programs.MustBeThere();
        DataFolder.MakePrivately(folder.Run);
        Directory.CreateDirectory(folder.Logs);
        PortsMustBeFree();

        var secrets = Secrets.Open(folder);
        var address = new PrivatePostgres.Address(folder.SocketFolder, RosaHost.PostgresPort + offset);
        var settings = new ServiceSettings(folder, offset, address, secrets, ports);
        foreach (var service in services) _ = settings.For(service).ToList();
        _ = (secrets.Database(PrivatePostgres.Owner), secrets.Database(PrivatePostgres.Reader), secrets.Database(ServiceDatabases.CatalogReader), secrets.Store(PrivateRedis.Name), secrets.Store(PrivateRabbitMq.Name));
        secrets.Save();

        var postgres = await StartStoresAsync(address, secrets, stop);
        var fleet = Started(new Fleet(services, scale, folder, ports, (service, number) => settings.For(service, number).Concat(Shared(secrets))));
        await fleet.StartAsync(stop);
        var caddy = new Child(PrivateCaddy.Plan(folder, offset, ports), folder, HostLog.Say);
        Started(caddy);
        await caddy.StartAsync(stop);

        void Tell()
        {
            lock (telling)
            {
                if (!ready) return;
                IEnumerable<(string, int)> processes = [.. stores.Append(caddy).Select(child => (child.Name, child.ProcessId)), .. fleet.Instances.Select(instance => (instance.Name, instance.ProcessId))];
                RosaJson.Write(folder, services, settings, secrets, postgres, new DistributedParts(
                    PrivateRabbitMq.Address(secrets, offset), PrivateRabbitMq.Management(secrets, offset), PrivateRedis.Address(secrets, offset), fleet.Instances, processes));
            }
        }
        postgres.Restarted += Tell;
        fleet.Changed += Tell;
        foreach (var child in stores.Append(caddy)) child.CameBack += Tell;
        ready = true;
        Tell();
        Started(ControlSocket.Listen(folder, fleet, stop));
        HostLog.Say(string.Create(CultureInfo.InvariantCulture, $"Rosa is ready as {fleet.Instances.Count} processes, {Stopwatch.GetElapsedTime(begin).TotalSeconds:0.0} seconds after it was started."));
        if (!arguments.Detached) Addresses.Print(folder, Console.Out, withPasswords: !Console.IsOutputRedirected);
        await Task.Delay(Timeout.Infinite, stop).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>Side by side; the tables and the demo are made while RabbitMQ, which takes longest, is starting.</summary>
    async Task<PrivatePostgres> StartStoresAsync(PrivatePostgres.Address address, Secrets secrets, CancellationToken stop)
    {
        using var givingUp = CancellationTokenSource.CreateLinkedTokenSource(stop);
        Task[] others = [StartBrokerAsync(secrets, givingUp.Token), StartStoreAsync(PrivateRedis.Plan(folder, secrets, offset), givingUp.Token)];
        try
        {
            var postgres = Started(await PrivatePostgres.StartAsync(folder, address.Port, secrets.Database(PrivatePostgres.Owner), HostLog.Say, stop, maxConnections: Connections()));
            await ServiceDatabases.CreateMissingAsync(postgres, secrets, [.. services.Where(service => service.OwnsDatabase()).Select(service => service.Name)], stop);
            await MigrateAsync(services, address, secrets, stop);
            if (arguments is { Demo: true, Services: null }) await RosaHost.LoadDemoShopAsync(address, secrets, stop);
            await Task.WhenAll(others);
            return postgres;
        }
        catch
        {
            await givingUp.CancelAsync();
            await Task.WhenAll(others).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    /// <summary>Each service's tables, by its own files: once, before any of its instances, and again before those of a new build.</summary>
    public static Task MigrateAsync(IEnumerable<Service> services, PrivatePostgres.Address address, Secrets secrets, CancellationToken stop) =>
        Task.WhenAll(services.Where(service => service.OwnsDatabase()).Select(async service =>
        {
            await using var source = NpgsqlDataSource.Create(address.ConnectionString(service.Name, service.Name, secrets.Database(service.Name)));
            await Migrations.ApplyAsync(source, service.Assembly, NullLogger.Instance, stop);
        }));

    public async ValueTask DisposeAsync()
    {
        lock (telling)
        {
            ready = false;
            File.Delete(folder.RosaJson);
        }
        // What was started last stops first; the stores after all that use them, RabbitMQ before its port mapper, PostgreSQL last.
        foreach (var part in running.Where(part => part is not PrivatePostgres).Reverse()) await StopAsync(part);
        await Task.WhenAll(stores.Where(store => !IsPortMapper(store)).Select(StopAsync));
        foreach (var part in stores.Where(IsPortMapper).Concat<IAsyncDisposable>(running.OfType<PrivatePostgres>())) await StopAsync(part);

        static bool IsPortMapper(Child store) => store.Name == PrivateRabbitMq.EpmdName;
    }

    // The others still want to stop in order.
    static async Task StopAsync(IAsyncDisposable part)
    {
        try
        {
            await part.DisposeAsync();
        }
        catch (Exception exception)
        {
            HostLog.Say($"Something did not stop cleanly: {exception.Message}");
        }
    }

    T Started<T>(T part) where T : IAsyncDisposable
    {
        running.Add(part);
        return part;
    }

    async Task StartBrokerAsync(Secrets secrets, CancellationToken stop)
    {
        await StartStoreAsync(PrivateRabbitMq.PortMapper(folder, offset), stop);
        await StartStoreAsync(PrivateRabbitMq.Plan(folder, secrets, offset), stop);
    }

    async Task StartStoreAsync(ChildPlan plan, CancellationToken stop)
    {
        var child = new Child(plan, folder, HostLog.Say);
        lock (telling) stores.Add(child);
        await child.StartAsync(stop);
    }

    void PortsMustBeFree()
    {
        foreach (var (port, wantedBy) in PrivateCaddy.Ports().Concat(StorePorts.All)) Ports.MustBeFree(port + offset, wantedBy);
        foreach (var service in services)
        {
            foreach (var number in ports.Numbers(service))
            {
                var (http, grpc) = ports.Of(service, number);
                Ports.MustBeFree(http, service.Name);
                if (grpc is { } port) Ports.MustBeFree(port, service.Name);
            }
        }
    }

    /// <summary>Of PostgreSQL: each instance has a pool and some connections that listen, and one more of each service runs while it is replaced.</summary>
    int Connections() => 60 + (12 * services.Where(service => service.OwnsDatabase()).Sum(service => scale[service.Name] + 1));

    /// <summary>What all instances are told.</summary>
    IEnumerable<KeyValuePair<string, string?>> Shared(Secrets secrets) =>
    [
        new("RabbitMq:Address", PrivateRabbitMq.Address(secrets, offset)),
        new("RabbitMq:Listeners", string.Join(' ', services.Where(service => service.HearsEvents()).Select(service => service.Name))),
        new("Redis:Address", PrivateRedis.Address(secrets, offset)),
        new("Discovery:Source", "redis"),
        new("Hosting:LeaveAfter", "00:00:03"),
        // Who is down is left out one by one, so a circuit opens when a service is down as a whole, as without its database: which is back sooner than in ten seconds.
        new("Resilience:BreakerOpenSeconds", "2"),
        // Caddy is on this machine, and nobody else can reach the instances.
        new("Gateway:TrustedProxies", "127.0.0.1"),
        new("Web:TrustedProxies", "127.0.0.1"),
    ];
}
