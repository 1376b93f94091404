using System.Text;

namespace Rosa.Host.Distributed;

/// <summary>
/// The RabbitMQ of this installation alone: its own node, port mapper (epmd) and cookie, all on this machine's loopback interface. Its files outlive a stop, and with
/// them the events that nobody has taken yet.
/// </summary>
static class PrivateRabbitMq
{
    public const string Name = "rabbitmq", User = "rosa", VirtualHost = "rosa", EpmdName = "epmd";

    public static string Address(Secrets secrets, int portOffset) => $"amqp://{User}:{secrets.Store(Name)}@127.0.0.1:{StorePorts.RabbitMq + portOffset}/{VirtualHost}";

    public static string Management(Secrets secrets, int portOffset) => $"http://{User}:{secrets.Store(Name)}@127.0.0.1:{StorePorts.RabbitMqManagement + portOffset}";

    /// <summary>Which port a node listens on. A node starts one by itself if there is none, which then outlives it: so there is one.</summary>
    public static ChildPlan PortMapper(DataFolder folder, int portOffset)
    {
        var account = Account(folder);
        var port = StorePorts.Epmd + portOffset;
        string[] command = [Programs.Epmd(), "-address", "127.0.0.1", "-port", $"{port}"];
        return new ChildPlan(EpmdName, [.. account?.Prefix() ?? [], .. command], Mark: string.Join(' ', command), Path.Combine(folder.Logs, "rabbitmq.log"))
        {
            IsReadyAsync = token => Answers.TcpAsync(port, token),
            EndsWithin = TimeSpan.FromSeconds(2),
        };
    }

    public static ChildPlan Plan(DataFolder folder, Secrets secrets, int portOffset)
    {
        var account = Account(folder);
        string InFolder(string name) => Path.Combine(folder.RabbitMq, name);
        // It asks whether it may write before it does, and the answer leaves out the right to pass closed folders (access(2) asks for the user alone). Its own
        // working folder it reaches without passing any.
        var here = account is null ? folder.RabbitMq : "/proc/self/cwd";
        DataFolder.MakePrivately(folder.RabbitMq, account);
        foreach (var inner in (string[])["mnesia", "log"]) DataFolder.MakePrivately(InFolder(inner), account);
        DataFolder.WritePrivately(InFolder("enabled_plugins"), "[rabbitmq_management].\n"u8, account);
        DataFolder.WritePrivately(InFolder("rabbitmq.conf"), Encoding.UTF8.GetBytes(
            $"""
            # Written by Rosa at every start: changes made here are lost.
            listeners.tcp.1 = 127.0.0.1:{StorePorts.RabbitMq + portOffset}
            management.tcp.ip = 127.0.0.1
            management.tcp.port = {StorePorts.RabbitMqManagement + portOffset}
            default_user = {User}
            default_pass = {secrets.Store(Name)}
            default_vhost = {VirtualHost}
            vm_memory_high_watermark.absolute = 512MiB
            disk_free_limit.absolute = 50MB
            log.console = true
            log.console.level = warning
            log.file = false

            """), account);
        // Its command line says whose it is, by a word that it does not know.
        return new ChildPlan(Name, [.. account?.Prefix() ?? [], Programs.RabbitMq(), "-rosa", folder.RabbitMq], Mark: $"-rosa {folder.RabbitMq}", Path.Combine(folder.Logs, "rabbitmq.log"))
        {
            WorkingFolder = folder.RabbitMq,
            Environment = new Dictionary<string, string?>
            {
                ["HOME"] = here,   // the cookie
                ["RABBITMQ_NODENAME"] = "rosa@localhost",
                ["RABBITMQ_CONFIG_FILE"] = $"{here}/rabbitmq",
                ["RABBITMQ_CONF_ENV_FILE"] = $"{here}/no-environment",
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = $"{here}/enabled_plugins",
                ["RABBITMQ_MNESIA_BASE"] = $"{here}/mnesia",
                ["RABBITMQ_LOG_BASE"] = $"{here}/log",
                ["RABBITMQ_DIST_PORT"] = $"{StorePorts.RabbitMqDistribution + portOffset}",
                ["ERL_EPMD_PORT"] = $"{StorePorts.Epmd + portOffset}",
                ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
                // Two threads that sleep when there is nothing to do: the processor is the services'.
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none -kernel inet_dist_use_interface {127,0,0,1}",
                ["RUNNING_UNDER_SYSTEMD"] = "1",   // no shell between us and it
                ["RABBITMQ_ALLOW_INPUT"] = null,
                ["LC_ALL"] = "C.UTF-8",
            },
            IsReadyAsync = async token => await Answers.TcpAsync(StorePorts.RabbitMq + portOffset, token) && await Answers.TcpAsync(StorePorts.RabbitMqManagement + portOffset, token),
            EndsWithin = TimeSpan.FromSeconds(15),
        };
    }

    static UnprivilegedAccount? Account(DataFolder folder) => UnprivilegedAccount.For(folder, "RabbitMQ", user: "rabbitmq");
}
