using System.Diagnostics;
using System.Net.Sockets;
using System.Text;

namespace Rosa.Testing;

/// <summary>A real Redis server with a password, on a port of its own. It can be killed and started again, empty, at the same place.</summary>
public sealed class TestRedis : IAsyncDisposable
{
    const string Password = "only-for-tests";

    readonly string folder = Directory.CreateTempSubdirectory("rosa-redis-").FullName;
    readonly int port = FreePorts.One();
    Process? process;

    /// <summary>What <c>Redis:Address</c> is set to.</summary>
    public string Address => $"redis://:{Password}@127.0.0.1:{port}/0";

    public static async Task<TestRedis> StartAsync()
    {
        var redis = new TestRedis();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => redis.Kill();
        await redis.StartAgainAsync();
        return redis;
    }

    public async Task StartAgainAsync()
    {
        var start = new ProcessStartInfo("redis-server",
            ["--port", $"{port}", "--bind", "127.0.0.1", "--dir", folder, "--save", "", "--appendonly", "no", "--requirepass", Password, "--logfile", $"{folder}/log"]);
        process = Process.Start(start)!;
        for (var attempt = 0; !await AnswersAsync(); attempt++)
        {
            if (attempt > 6_000) throw new TimeoutException("redis-server does not answer.");
            await Task.Delay(10);
        }
    }

    /// <summary>As a power cut would end it.</summary>
    public void Kill()
    {
        if (process is not { HasExited: false }) return;
        process.Kill();
        process.WaitForExit();
    }

    /// <summary>It keeps its connections and answers nothing.</summary>
    public void Pause() => Signal("-STOP");

    public void GoOn() => Signal("-CONT");

    void Signal(string signal) => Process.Start("kill", [signal, $"{process!.Id}"]).WaitForExit();

    /// <summary>What Redis answers to a command that a test asks on the side, such as <c>ZCARD rosa:instances:catalog</c>.</summary>
    public async Task<string> AskAsync(string command)
    {
        using var client = new TcpClient();
        await client.ConnectAsync("127.0.0.1", port);
        var stream = client.GetStream();
        await stream.WriteAsync(Encoding.UTF8.GetBytes($"AUTH {Password}\r\n{command}\r\nQUIT\r\n"));
        using var reader = new StreamReader(stream, Encoding.UTF8);
        var answer = await reader.ReadToEndAsync();
        return answer[(answer.IndexOf("\r\n", StringComparison.Ordinal) + 2)..^"+OK\r\n".Length].TrimEnd();
    }

    async Task<bool> AnswersAsync()
    {
        try
        {
            return await AskAsync("PING") == "+PONG";
        }
        catch (Exception exception) when (exception is SocketException or IOException or ArgumentException)
        {
            return false;
        }
    }

    public ValueTask DisposeAsync()
    {
        Kill();
        process?.Dispose();
        process = null;
        Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
