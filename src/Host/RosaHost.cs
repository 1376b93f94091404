using System.Diagnostics;
using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Host.Demo;
using Rosa.Host.Distributed;
using Rosa.Platform.Hosting;
using Rosa.Platform.Messaging;

namespace Rosa.Host;

/// <summary>Every service of the table in one process, on the private PostgreSQL: started side by side, stopped in order.</summary>
static class RosaHost
{
    public const int PostgresPort = 8432;

    /// <summary>Runs until it is told to stop; the result is the exit code.</summary>
    public static async Task<int> RunAsync(HostArguments arguments, CancellationToken stop)
    {
        DataFolder? folder = null;
        try
        {
            folder = new DataFolder(arguments.Data);
            using var folderLock = FolderLock.Take(folder);
            await Records.EndLeftoversAsync(folder, HostLog.Say);
            // Whoever finds rosa.json may rely on it, so the one of a host that was killed goes first.
            File.Delete(folder.RosaJson);
            if (Directory.Exists(folder.Run)) Directory.Delete(folder.Run, recursive: true);
            return arguments.Distributed ? await DistributedHost.RunAsync(arguments, folder, stop) : await RunAsync(arguments, folder, stop);
        }
        catch (OperationCanceledException) when (stop.IsCancellationRequested)
        {
            return 0;
        }
        catch (Exception exception) when (StartProblem.From(exception, folder?.Path ?? arguments.Data) is { } problem)
        {
            HostLog.Fail(problem.Message);
            return 1;
        }
    }

    static async Task<int> RunAsync(HostArguments arguments, DataFolder folder, CancellationToken stop)
    {
        var begin = Stopwatch.GetTimestamp();
        var services = Services.Named(arguments.Services);
        foreach (var service in services)
        {
            Ports.MustBeFree(service.Port + arguments.PortOffset, service.Name);
            if (service.GrpcPort is { } grpcPort) Ports.MustBeFree(grpcPort + arguments.PortOffset, service.Name);
        }

        var secrets = Secrets.Open(folder);
        var address = new PrivatePostgres.Address(folder.SocketFolder, PostgresPort + arguments.PortOffset);
        var settings = new ServiceSettings(folder, arguments.PortOffset, address, secrets);
        var perService = services.ToDictionary(service => service, service => settings.For(service).ToList());
        _ = (secrets.Database(PrivatePostgres.Owner), secrets.Database(PrivatePostgres.Reader), secrets.Database(ServiceDatabases.CatalogReader));
        secrets.Save();

        // PostgreSQL starts while the services are being put together, which needs no database yet.
        var building = Task.Run(() => Build(services, perService), CancellationToken.None);
        try
        {
            await using var postgres = await PrivatePostgres.StartAsync(folder, address.Port, secrets.Database(PrivatePostgres.Owner), HostLog.Say, stop);
            await ServiceDatabases.CreateMissingAsync(postgres, secrets, [.. services.Where(service => service.OwnsDatabase()).Select(service => service.Name)], stop);
            await using var running = new RunningServices(services, await building);
            await running.StartAsync(stop);
            if (arguments is { Demo: true, Services: null }) await LoadDemoShopAsync(address, secrets, stop);

            void Tell() => RosaJson.Write(folder, services, settings, secrets, postgres);
            Tell();
            postgres.Restarted += Tell;
            HostLog.Say(string.Create(CultureInfo.InvariantCulture, $"Rosa is ready, {Stopwatch.GetElapsedTime(begin).TotalSeconds:0.0} seconds after it was started."));
            if (!arguments.Detached) Addresses.Print(folder, Console.Out, withPasswords: !Console.IsOutputRedirected);

            var endedByItself = await running.WaitAsync(stop);
            File.Delete(folder.RosaJson);
            if (endedByItself is null) return 0;
            HostLog.Fail($"{endedByItself} has stopped by itself, so the others stop too. Its last lines in the log say why.");
            return 1;
        }
        finally
        {
            File.Delete(folder.RosaJson);
        }
    }

    static WebApplication[] Build(IReadOnlyList<Service> services, Dictionary<Service, List<KeyValuePair<string, string?>>> settings)
    {
        var bus = new InProcessTransport();
        var apps = new WebApplication[services.Count];
        Parallel.For(0, services.Count, i => apps[i] = ServiceProcess.Build(services[i], settings[services[i]], args: [], bus));
        return apps;
    }

    /// <summary>The one place where an empty shop becomes Mamie Rosa's. Her customers sign in with the password of the demo's customer.</summary>
    public static async Task LoadDemoShopAsync(PrivatePostgres.Address address, Secrets secrets, CancellationToken stop)
    {
        var databases = Services.All.Where(service => service.OwnsDatabase())
            .ToDictionary(service => service.Name, service => address.ConnectionString(service.Name, service.Name, secrets.Database(service.Name)));
        if (await new DemoShopLoader(databases, TimeProvider.System).LoadAsync(secrets.Login("customer").Password, stop)) HostLog.Say("Mamie Rosa's shop is loaded.");
    }
}
