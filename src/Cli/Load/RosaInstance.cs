using System.Diagnostics;
using System.Text.Json;
using Rosa.Host;

namespace Rosa.Cli.Load;

/// <summary>
/// A Rosa of the bench's own: started, stopped and forgotten by the <c>rosa</c> script as anybody would, on a data folder beside
/// the checkout, where a commit reaches the same disk as a shop's would. Without the rate limit, since all load comes from one address.
/// </summary>
sealed class RosaInstance(RosaCheckout checkout, string dataFolder, int portOffset) : IAsyncDisposable
{
    static readonly Dictionary<string, string> environment = new() { ["Gateway__RateLimitPerMinute"] = "0" };

    RosaAddresses? addresses;

    public RosaAddresses Addresses => addresses ?? throw new InvalidOperationException("Rosa is not started.");

    public string DataFolder => dataFolder;

    /// <summary>Each service as processes of its own, with RabbitMQ, Redis and Caddy.</summary>
    public bool Distributed { get; init; }

    /// <summary>Other numbers of instances than usual: <c>catalog=2,orders=1</c>; with <see cref="Distributed"/> alone.</summary>
    public string? Scale { get; init; }

    public DatabaseAccess Databases => new(dataFolder, RosaHost.PostgresPort + portOffset);

    /// <summary>Starts it, or starts it again. Returns the time of the whole command.</summary>
    public async Task<TimeSpan> UpAsync(CancellationToken cancellationToken)
    {
        string[] up =
        [
            "up", "--detach", "--no-demo", "--data", dataFolder, "--port-offset", $"{portOffset}",
            .. Distributed ? ["--distributed"] : Array.Empty<string>(), .. Scale is { } scale ? ["--scale", scale] : Array.Empty<string>(),
        ];
        var time = await ClosedLoop.TimeAsync(() => ChildProcess.RunAsync(checkout.Script, up, TimeSpan.FromMinutes(15), cancellationToken, environment));
        addresses = RosaAddresses.Read(dataFolder);
        return time;
    }

    /// <summary>Replaces the instances of every service one by one.</summary>
    public Task RollAsync(CancellationToken cancellationToken) =>
        ChildProcess.RunAsync(checkout.Script, ["roll", "--data", dataFolder], TimeSpan.FromMinutes(10), cancellationToken);

    /// <summary><c>rosa.json</c> as it is now.</summary>
    public JsonElement Json()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(dataFolder, "rosa.json")));
        return document.RootElement.Clone();
    }

    public Task DownAsync(CancellationToken cancellationToken) =>
        ChildProcess.RunAsync(checkout.Script, ["down", "--data", dataFolder], TimeSpan.FromMinutes(1), cancellationToken);

    /// <summary>Ends the host as a crash would: PostgreSQL runs on, and the next start finds it running.</summary>
    public async Task KillHostAsync(CancellationToken cancellationToken)
    {
        using var host = Process.GetProcessById(Addresses.Process("host"));
        host.Kill();
        await host.WaitForExitAsync(cancellationToken);
    }

    /// <summary>From the start of the host's process until everything was ready, which is when <c>rosa.json</c> was written.</summary>
    public TimeSpan StartTime()
    {
        using var host = Process.GetProcessById(Addresses.Process("host"));
        return File.GetLastWriteTime(Path.Combine(dataFolder, "rosa.json")) - host.StartTime;
    }

    /// <summary>Copies what its processes said, as the folder goes when this is disposed of. Returns where to.</summary>
    public string KeepLogs()
    {
        var kept = Directory.CreateDirectory(dataFolder + "-logs").FullName;
        var logs = new DirectoryInfo(Path.Combine(dataFolder, "logs"));
        if (logs.Exists) foreach (var log in logs.EnumerateFiles()) log.CopyTo(Path.Combine(kept, log.Name), overwrite: true);
        return kept;
    }

    public async ValueTask DisposeAsync()
    {
        if (!Directory.Exists(dataFolder)) return;
        await DownAsync(CancellationToken.None);
        await ChildProcess.RunAsync(checkout.Script, ["reset", "--data", dataFolder], TimeSpan.FromMinutes(1), CancellationToken.None);
    }
}

/// <summary>The checkout that this program was built from.</summary>
sealed record RosaCheckout(string Root)
{
    public string Script => Path.Combine(Root, "rosa");

    public static RosaCheckout Find()
    {
        for (var folder = AppContext.BaseDirectory; folder is not null; folder = Path.GetDirectoryName(folder.TrimEnd('/')))
        {
            if (File.Exists(Path.Combine(folder, "Rosa.slnx"))) return new RosaCheckout(folder.TrimEnd('/'));
        }
        throw new BenchFailure("This program lies outside of Rosa's checkout, and needs the rosa script at its root.");
    }
}
