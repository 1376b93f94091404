using System.Globalization;
using Rosa.Platform.Hosting;

namespace Rosa.Host.Distributed;

/// <summary>
/// Caddy with the project's own file (<c>deploy/caddy/Caddyfile</c>), on the ports that the one-process shape has: clients notice no difference. It is told all ports
/// that instances may be on, and finds out by itself who is there.
/// </summary>
static class PrivateCaddy
{
    public const string Name = "caddy";

    public static ChildPlan Plan(DataFolder folder, int portOffset, InstancePorts ports)
    {
        var account = UnprivilegedAccount.For(folder, "Caddy", user: "caddy");
        DataFolder.MakePrivately(folder.Caddy, account);
        var mark = Path.Combine(folder.Caddy, "caddy.pid");
        var environment = new Dictionary<string, string?>
        {
            ["HOME"] = folder.Caddy,
            ["XDG_DATA_HOME"] = folder.Caddy,
            ["XDG_CONFIG_HOME"] = folder.Caddy,
            ["CADDY_BIND"] = "127.0.0.1",
            ["CADDY_ACCESS_LOG"] = $"file \"{Path.Combine(folder.Caddy, "access.log")}\"",
        };
        foreach (var (name, port) in entrances)
        {
            var capitals = name.ToUpperInvariant();
            environment[$"{capitals}_SITE"] = string.Create(CultureInfo.InvariantCulture, $"http://:{port + portOffset}");
            var service = Services.All.FirstOrDefault(service => service.Name == name);
            var upstreams = service is null ? [port + portOffset + 1000] : ports.Numbers(service).Select(number => ports.Of(service, number).Http);   // nobody, where there is no such service
            environment[$"{capitals}_UPSTREAMS"] = string.Join(' ', upstreams.Select(upstream => string.Create(CultureInfo.InvariantCulture, $"127.0.0.1:{upstream}")));
        }
        string[] command = [Programs.Caddy(), "run", "--adapter", "caddyfile", "--config", Path.Combine(AppContext.BaseDirectory, "Caddyfile"), "--pidfile", mark];
        return new ChildPlan(Name, [.. account?.Prefix() ?? [], .. command], Mark: mark, Path.Combine(folder.Logs, "caddy.log"))
        {
            Environment = environment,
            IsReadyAsync = token => Answers.HttpAsync(entrances[0].Port + portOffset, "/health/ready", token),
            EndsWithin = TimeSpan.FromSeconds(15),
        };
    }

    static readonly (string Name, int Port)[] entrances = [("gateway", 8000), ("storefront", 8080), ("backoffice", 8081)];

    public static IEnumerable<(int Port, string WantedBy)> Ports() => entrances.Select(entrance => (entrance.Port, $"Caddy for the {entrance.Name}"));
}
