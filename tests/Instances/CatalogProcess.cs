using System.Collections.Concurrent;
using System.Diagnostics;
using Rosa.Testing;

namespace Rosa.Instances.Tests;

/// <summary>An instance of the catalog as a process of its own, which can be told to leave and can be killed.</summary>
sealed class CatalogProcess : IAsyncDisposable
{
    readonly Process process;
    readonly ConcurrentQueue<string> said = new();
    readonly int port, grpcPort;

    CatalogProcess(IReadOnlyDictionary<string, string> settings)
    {
        (port, grpcPort) = (FreePorts.One(), FreePorts.One());
        var start = new ProcessStartInfo("dotnet", [RosaPrograms.Find("Rosa.Catalog.dll")]) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (var (name, value) in settings) start.Environment[name] = value;
        start.Environment["Listen__Port"] = $"{port}";
        start.Environment["Listen__GrpcPort"] = $"{grpcPort}";
        process = Process.Start(start)!;
        process.OutputDataReceived += Keep;
        process.ErrorDataReceived += Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => Kill();
    }

    public string Http => $"http://127.0.0.1:{port}";

    public string Grpc => $"http://127.0.0.1:{grpcPort}";

    /// <summary>Starts it, and returns when it is ready.</summary>
    public static async Task<CatalogProcess> StartAsync(IReadOnlyDictionary<string, string> settings)
    {
        var instance = new CatalogProcess(settings);
        using var client = new HttpClient();
        for (var waited = Stopwatch.StartNew(); ; await Task.Delay(50))
        {
            if (instance.process.HasExited || waited.Elapsed > TimeSpan.FromSeconds(60)) throw new InvalidOperationException($"The catalog did not start:\n{string.Join('\n', instance.said)}");
            try
            {
                using var ready = await client.GetAsync($"{instance.Http}/health/ready");
                if (ready.IsSuccessStatusCode) return instance;
            }
            catch (HttpRequestException)
            {
                // Not yet.
            }
        }
    }

    /// <summary>SIGTERM. Returns the exit code.</summary>
    public async Task<int> LeaveAsync()
    {
        Signal("-TERM");
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(40));
        await process.WaitForExitAsync(limit.Token);
        return process.ExitCode;
    }

    /// <summary>SIGSTOP: connections are accepted, and nothing is answered.</summary>
    public void Pause() => Signal("-STOP");

    public void GoOn() => Signal("-CONT");

    /// <summary>SIGKILL.</summary>
    public void Kill()
    {
        if (process is { HasExited: false }) process.Kill();
    }

    void Signal(string signal) => Process.Start("kill", [signal, $"{process.Id}"]).WaitForExit();

    void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null) return;
        said.Enqueue(line.Data);
        while (said.Count > 200) said.TryDequeue(out _);
    }

    public async ValueTask DisposeAsync()
    {
        Kill();
        await process.WaitForExitAsync();
    }
}
