using System.Text;
using System.Text.Json;
using Rosa.Platform.Hosting;

namespace Rosa.Host.Distributed;

/// <summary>One of the processes that a service runs as.</summary>
/// <param name="Number">From 1. A number that is free is used again.</param>
sealed record ServiceInstance(Service Service, int Number, string Http, string? Grpc, Child Child)
{
    public string Name => NameOf(Service, Number);

    public int ProcessId => Child.ProcessId;

    /// <param name="build">The folder of the programs.</param>
    public static ServiceInstance Plan(Service service, int number, string build, DataFolder folder, InstancePorts ports, IEnumerable<KeyValuePair<string, string?>> settings, SemaphoreSlim turns)
    {
        var name = NameOf(service, number);
        var (http, grpc) = ports.Of(service, number);
        var file = Path.Combine(folder.Run, $"{name}.json");
        var log = Path.Combine(folder.Logs, $"{name}.log");
        DataFolder.WritePrivately(file, Encoding.UTF8.GetBytes(JsonSerializer.Serialize(
            settings.Append(new("Logs:File", log)).Append(new("Logs:Format", "json")).ToDictionary())));

        var plan = new ChildPlan(name, ["dotnet", Path.Combine(build, $"{service.Assembly.GetName().Name}.dll"), "--settings", file], Mark: $"--settings {file}", Path.Combine(folder.Logs, $"{name}.out"))
        {
            Environment = environment,
            IsReadyAsync = token => Answers.HttpAsync(http, "/health/ready", token),
        };
        return new ServiceInstance(service, number, ServiceSettings.Url(http), grpc is { } port ? ServiceSettings.Url(port) : null, new Child(plan, folder, HostLog.Say, turns));
    }

    static string NameOf(Service service, int number) => $"{service.Name}-{number}";

    // Twenty processes share a few cores: each keeps to one heap and gives back what it does not need.
    static readonly Dictionary<string, string?> environment = new()
    {
        ["DOTNET_gcServer"] = "0",
        ["DOTNET_TieredPGO"] = "0",
    };
}
