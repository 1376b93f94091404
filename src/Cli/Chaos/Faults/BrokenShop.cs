using System.Diagnostics;
using System.Text.Json;
using Rosa.Cli.Load;

namespace Rosa.Cli.Chaos.Faults;

/// <summary>A distributed Rosa with the means to break it: the processes that its <c>rosa.json</c> names.</summary>
/// <param name="random">Chooses the victims; its seed is printed.</param>
sealed class BrokenShop(RosaInstance rosa, Random random, CancellationToken cancellationToken)
{
    static readonly TimeSpan betweenKills = TimeSpan.FromMilliseconds(200), wholeWithin = TimeSpan.FromSeconds(90);

    /// <summary>One instance of a service.</summary>
    public int AnyOf(string service) => Of(service) is { Count: > 0 } pids ? pids[random.Next(pids.Count)] : throw new BenchFailure($"There is no instance of {service}.");

    /// <summary>As when one of two places burns down: of a service with one instance, that one or none.</summary>
    public IReadOnlyList<int> HalfOfAll() =>
        [.. Instances().SelectMany(service => { var pids = service.Value.ToArray(); random.Shuffle(pids); return pids.Take(pids.Length / 2); })];

    public int Store(string name) => Processes().First(process => process.Name == name).Pid;

    public void Kill(params IReadOnlyList<int> pids) => Signal("KILL", pids);

    public void Signal(int pid, string signal) => Signal(signal, [pid]);

    /// <summary>The host starts it again each time, and each time it is killed again.</summary>
    public async Task KeepDownAsync(string store, TimeSpan time, CancellationToken token)
    {
        var killed = 0;
        for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < time; await Task.Delay(betweenKills, token))
        {
            if (Processes().FirstOrDefault(process => process.Name == store).Pid is not 0 and var pid && pid != killed) Signal("KILL", [killed = pid]);
        }
    }

    public async Task PauseAsync(int pid, TimeSpan time, CancellationToken token)
    {
        Signal(pid, "STOP");
        try
        {
            await Task.Delay(time, token);
        }
        finally
        {
            Signal(pid, "CONT");
        }
    }

    /// <summary>Standing still nine tenths of the time, which is what a slow network to it looks like from outside.</summary>
    public async Task SlowAsync(string service, TimeSpan time, CancellationToken token)
    {
        for (var begin = Stopwatch.GetTimestamp(); Stopwatch.GetElapsedTime(begin) < time;)
        {
            var pids = Of(service);
            Signal("STOP", pids);
            await Task.Delay(225, CancellationToken.None);
            Signal("CONT", pids);
            await Task.Delay(25, token);
        }
    }

    public Task RollAsync(CancellationToken token) => rosa.RollAsync(token);

    /// <summary>Waits until every process is there again and every instance is ready. Returns how long that took.</summary>
    public async Task<TimeSpan> WholeAsync()
    {
        var begin = Stopwatch.GetTimestamp();
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        string? missing = null;
        do
        {
            if (Stopwatch.GetElapsedTime(begin) > wholeWithin) throw new BenchFailure($"The shop is not whole again after {wholeWithin.TotalSeconds} s: {missing}.");
            await Task.Delay(200, cancellationToken);
            missing = await MissingAsync(http);
        }
        while (missing is not null);
        return Stopwatch.GetElapsedTime(begin);
    }

    async Task<string?> MissingAsync(HttpClient http)
    {
        foreach (var (name, pid) in Processes()) if (!Directory.Exists($"/proc/{pid}")) return $"{name} (process {pid}) is gone";
        foreach (var address in Json().GetProperty("instances").EnumerateObject().SelectMany(service => service.Value.EnumerateArray()).Select(instance => instance.GetProperty("http").GetString()!))
        {
            try
            {
                using var ready = await http.GetAsync(new Uri(new Uri(address), "/health/ready"), cancellationToken);
                if (!ready.IsSuccessStatusCode) return $"{address} is not ready";
            }
            catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException && !cancellationToken.IsCancellationRequested)
            {
                return $"{address} does not answer";
            }
        }
        return null;
    }

    IReadOnlyList<int> Of(string service) => Instances().GetValueOrDefault(service) ?? [];

    Dictionary<string, IReadOnlyList<int>> Instances() =>
        Json().GetProperty("instances").EnumerateObject().ToDictionary(service => service.Name, service => (IReadOnlyList<int>)[.. service.Value.EnumerateArray().Select(instance => instance.GetProperty("pid").GetInt32())]);

    IReadOnlyList<(string Name, int Pid)> Processes() =>
        [.. Json().GetProperty("processes").EnumerateArray().Select(process => (process.GetProperty("name").GetString()!, process.GetProperty("pid").GetInt32()))];

    /// <summary>As it is now: the host writes it anew whenever a process takes another's place.</summary>
    JsonElement Json() => rosa.Json();

    static void Signal(string signal, IReadOnlyList<int> pids)
    {
        if (pids.Count == 0) return;
        using var kill = Process.Start("kill", [$"-{signal}", .. pids.Select(pid => $"{pid}")]);
        kill.WaitForExit();
    }
}
