using System.Diagnostics;
using System.Net.Sockets;

namespace Rosa.Testing;

/// <summary>A real RabbitMQ of its own, which a test may end on the spot and start again with what it has on disk.</summary>
public sealed class TestRabbitMq : IAsyncDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rosa-mq-").FullName;
    readonly int port = FreePorts.One(), distribution = FreePorts.One(), names = FreePorts.One();
    readonly bool asRoot = Environment.UserName == "root";
    Process? server;

    string PidFile => Path.Combine(folder, "mnesia", "pid");

    /// <summary>For <c>RabbitMq:Address</c>.</summary>
    public string Address => $"amqp://guest:guest@127.0.0.1:{port}/";

    public static async Task<TestRabbitMq> StartAsync()
    {
        var broker = new TestRabbitMq();
        await File.WriteAllTextAsync(Path.Combine(broker.folder, "rabbitmq.conf"),
            $"""
            listeners.tcp.1 = 127.0.0.1:{broker.port}
            vm_memory_high_watermark.absolute = 512MiB
            disk_free_limit.absolute = 50MB
            log.console = true
            """);
        await File.WriteAllTextAsync(Path.Combine(broker.folder, "enabled_plugins"), "[].");
        foreach (var name in new[] { "mnesia", "log" }) Directory.CreateDirectory(Path.Combine(broker.folder, name));
        if (broker.asRoot) await broker.RunAsync("chown", "-R", "rabbitmq:", broker.folder);
        await broker.StartServerAsync();
        return broker;
    }

    /// <summary>Ends it as a power cut would.</summary>
    public async Task KillAsync()
    {
        if (server is null) return;
        // What was started is a shell around it; the server itself wrote down who it is.
        await RunAsync("kill", "-9", (await File.ReadAllTextAsync(PidFile)).Trim());
        while (!server.HasExited) await Task.Delay(20);   // its helper programs keep the output open, so that is not waited for
        server.Dispose();
        server = null;
    }

    public async Task StartServerAsync()
    {
        string[] places = ["/usr/lib/rabbitmq/bin/rabbitmq-server", "/opt/homebrew/sbin/rabbitmq-server", "/usr/local/sbin/rabbitmq-server"];
        var program = places.FirstOrDefault(File.Exists) ?? throw new InvalidOperationException("RabbitMQ is missing: ./rosa test installs it.");
        string[] command = asRoot ? ["runuser", "-u", "rabbitmq", "--", program] : [program];
        var start = new ProcessStartInfo(command[0], command[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["HOME"] = folder,
                ["RABBITMQ_NODENAME"] = $"rosa{port}@localhost",
                ["RABBITMQ_CONFIG_FILE"] = Path.Combine(folder, "rabbitmq"),
                ["RABBITMQ_MNESIA_BASE"] = Path.Combine(folder, "mnesia"),
                ["RABBITMQ_PID_FILE"] = PidFile,
                ["RABBITMQ_LOG_BASE"] = Path.Combine(folder, "log"),
                ["RABBITMQ_ENABLED_PLUGINS_FILE"] = Path.Combine(folder, "enabled_plugins"),
                ["RABBITMQ_DIST_PORT"] = $"{distribution}",
                ["ERL_EPMD_PORT"] = $"{names}",
                ["ERL_EPMD_ADDRESS"] = "127.0.0.1",
                ["RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS"] = "+S 2:2 +sbwt none +sbwtdcpu none +sbwtdio none",
            },
        };
        server = Process.Start(start)!;
        server.StandardInput.Close();
        var said = new List<string>();
        server.OutputDataReceived += (_, line) => { lock (said) said.Add(line.Data ?? ""); };
        server.BeginOutputReadLine();
        server.BeginErrorReadLine();
        for (var attempt = 0; attempt < 1_800; attempt++)   // three minutes: it starts hundreds of small parts, and other tests run beside it
        {
            if (server.HasExited) throw new InvalidOperationException("RabbitMQ ended: " + string.Join('\n', said.TakeLast(20)));
            if (await ListensAsync()) return;
            await Task.Delay(100);
        }
        throw new TimeoutException("RabbitMQ does not answer: " + string.Join('\n', said.TakeLast(20)));
    }

    async Task<bool> ListensAsync()
    {
        using var socket = new TcpClient();
        try
        {
            await socket.ConnectAsync("127.0.0.1", port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    async Task RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { WorkingDirectory = folder, RedirectStandardOutput = true })!;
        await process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        await RunAsync("epmd", "-port", $"{names}", "-kill");   // the name server that it had started
        Directory.Delete(folder, recursive: true);
    }
}
