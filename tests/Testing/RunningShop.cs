using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Rosa.Testing;

/// <summary>Mamie Rosa's shop as <c>./rosa up</c> starts it, for tests that come to it from outside. The test project refers to the host.</summary>
public sealed class RunningShop : IAsyncDisposable
{
    readonly string folder = Directory.CreateTempSubdirectory("rosa-demo-").FullName;
    readonly ConcurrentQueue<string> said = new();
    Process? process;
    JsonElement rosa;

    public Uri Storefront => new(rosa.GetProperty("storefront").GetString()!);

    public Uri Backoffice => new(rosa.GetProperty("backoffice").GetString()!);

    public Uri Gateway => new(rosa.GetProperty("gateway").GetString()!);

    public Uri ServiceAddress(string name) => new(rosa.GetProperty("services").GetProperty(name).GetProperty("http").GetString()!);

    /// <summary>What the front named encrypts its sessions with.</summary>
    public string SessionKey(string front) => Secrets().GetProperty("sessions").GetProperty(front).GetString()!;

    public (string Email, string Password) Login(string role)
    {
        var login = rosa.GetProperty("logins").GetProperty(role);
        return (login.GetProperty("email").GetString()!, login.GetProperty("password").GetString()!);
    }

    /// <summary>Starts it, with the rate limit off.</summary>
    public static async Task<RunningShop> StartAsync()
    {
        var shop = new RunningShop();
        string[] arguments =
            [RosaPrograms.Find("Rosa.Host.dll"), "up", "--data", shop.folder, "--port-offset", FreePorts.Offset().ToString(CultureInfo.InvariantCulture)];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["Gateway__RateLimitPerMinute"] = "0";
        start.Environment["Users__PasswordIterations"] = "1000";
        var process = shop.process = Process.Start(start)!;
        process.OutputDataReceived += shop.Keep;
        process.ErrorDataReceived += shop.Keep;
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        AppDomain.CurrentDomain.ProcessExit += (_, _) => shop.Kill();

        var path = Path.Combine(shop.folder, "rosa.json");
        for (var wait = Stopwatch.StartNew(); !File.Exists(path); await Task.Delay(50))
        {
            if (process.HasExited || wait.Elapsed > TimeSpan.FromSeconds(90)) throw new InvalidOperationException($"The shop did not start:\n{string.Join('\n', shop.said)}");
        }
        shop.rosa = JsonDocument.Parse(await File.ReadAllBytesAsync(path)).RootElement;
        return shop;
    }

    JsonElement Secrets() => JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "secrets.json"))).RootElement;

    void Keep(object sender, DataReceivedEventArgs line)
    {
        if (line.Data is null) return;
        said.Enqueue(line.Data);
        while (said.Count > 200) said.TryDequeue(out _);
    }

    void Kill()
    {
        if (process is { HasExited: false }) process.Kill(entireProcessTree: true);
    }

    public async ValueTask DisposeAsync()
    {
        if (process is { HasExited: false } running)
        {
            Signal(running.Id, 15);
            using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(40));
            await running.WaitForExitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            Kill();
        }
        process?.Dispose();
        process = null;
        if (Directory.Exists(folder)) Directory.Delete(folder, recursive: true);
    }

    [DllImport("libc", EntryPoint = "kill")]
    static extern int Signal(int processId, int signal);
}
