using Rosa.Platform.Hosting;

namespace Rosa.Host.Distributed;

/// <summary>All instances of all services.</summary>
sealed class Fleet(
    IReadOnlyList<Service> services, IReadOnlyDictionary<string, int> scale, DataFolder folder, InstancePorts ports, Func<Service, int, IEnumerable<KeyValuePair<string, string?>>> settingsOf) : IAsyncDisposable
{
    /// <summary>So many start at once: more would wait for the processors, and for longer than each may take to get ready.</summary>
    static readonly int startedAtOnce = Math.Max(2, Environment.ProcessorCount * 2);

    /// <summary>After the loss of many at once, those that are left serve everybody, and need the processors more than all the others that start.</summary>
    readonly SemaphoreSlim turnsToComeBack = new(Environment.ProcessorCount);
    readonly Lock changing = new();
    readonly List<ServiceInstance> instances = [];
    string build = AppContext.BaseDirectory;

    /// <summary>In the order of the table.</summary>
    public IReadOnlyList<ServiceInstance> Instances
    {
        get { lock (changing) return [.. services.SelectMany(service => instances.Where(instance => instance.Service == service).OrderBy(instance => instance.Number))]; }
    }

    /// <summary>Another process stands for an instance now, or another instance for one that left.</summary>
    public event Action? Changed;

    /// <summary>Returns when every instance is ready.</summary>
    public Task StartAsync(CancellationToken cancellationToken) =>
        Parallel.ForEachAsync(
            services.SelectMany(service => Enumerable.Range(1, scale[service.Name]).Select(number => (service, number))),
            new ParallelOptions { MaxDegreeOfParallelism = startedAtOnce, CancellationToken = cancellationToken },
            async (wanted, token) => await StartAsync(wanted.service, wanted.number, token));

    /// <summary>
    /// Replaces the instances of the services named (null: of all) by new ones of a build, one after the other: the new one is ready before the old one is told to
    /// leave, and the old one finishes what it has begun.
    /// </summary>
    public async Task RollAsync(string? only, string newBuild, Func<string, Task> tell, CancellationToken cancellationToken)
    {
        if (only is not null && services.All(service => service.Name != only)) throw new StartProblem($"There is no service {only} here. There are {string.Join(", ", services.Select(service => service.Name))}.");
        build = newBuild;
        foreach (var service in services.Where(service => only is null || service.Name == only))
        {
            foreach (var old in Instances.Where(instance => instance.Service == service))
            {
                var next = await StartAsync(service, FreeNumber(service), cancellationToken);
                // Balancers look once a second; the old one would leave them too early.
                if (service.Name == "gateway" || service.IsFront()) await Task.Delay(TimeSpan.FromSeconds(2), cancellationToken);
                await old.Child.DisposeAsync();
                lock (changing) instances.Remove(old);
                Changed?.Invoke();
                await tell($"{service.Name}: {next.Name} (process {next.ProcessId}) stands for {old.Name}");
            }
        }
    }

    /// <summary>Who is called by clients first, and then all others: by then nobody asks them anything from outside.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(service => service.Name == "gateway" || service.IsFront());
        await StopAsync(service => true);
        turnsToComeBack.Dispose();
    }

    async Task StopAsync(Func<Service, bool> which)
    {
        List<ServiceInstance> leaving;
        lock (changing) leaving = [.. instances.Where(instance => which(instance.Service))];
        await Task.WhenAll(leaving.Select(instance => instance.Child.DisposeAsync().AsTask()));
        lock (changing) instances.RemoveAll(leaving.Contains);
    }

    async Task<ServiceInstance> StartAsync(Service service, int number, CancellationToken cancellationToken)
    {
        var instance = ServiceInstance.Plan(service, number, build, folder, ports, settingsOf(service, number), turnsToComeBack);
        instance.Child.CameBack += () => Changed?.Invoke();
        lock (changing) instances.Add(instance);
        try
        {
            await instance.Child.StartAsync(cancellationToken);
            return instance;
        }
        catch
        {
            await instance.Child.DisposeAsync();
            lock (changing) instances.Remove(instance);
            throw;
        }
    }

    int FreeNumber(Service service)
    {
        lock (changing) return Enumerable.Range(1, InstancePorts.PerService).First(number => !instances.Exists(instance => instance.Service == service && instance.Number == number));
    }
}
