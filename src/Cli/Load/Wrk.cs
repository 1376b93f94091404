using System.Globalization;

namespace Rosa.Cli.Load;

/// <summary>The load generator of plain requests: <c>wrk</c>, two threads in a process of its own, its requests from a list or from a Lua script.</summary>
sealed class Wrk(string program)
{
    public static async Task<Wrk> FindAsync(Action<string> say, CancellationToken cancellationToken)
    {
        if (ChildProcess.Find("wrk") is { } found) return new Wrk(found);
        if (ChildProcess.Find("apt-get") is { } apt)
        {
            string[] asRoot = Environment.IsPrivilegedProcess ? [] : ChildProcess.Find("sudo") is { } sudo ? [sudo] : throw Missing();
            say("installing wrk with apt-get");
            string[] command = [.. asRoot, apt, "install", "-y", "-qq", "--no-install-recommends", "wrk"];
            await ChildProcess.RunAsync(command[0], command[1..], TimeSpan.FromMinutes(3), cancellationToken);
        }
        return new Wrk(ChildProcess.Find("wrk") ?? throw Missing());
    }

    static BenchFailure Missing() => new("wrk is missing, which makes the load. Install it: apt-get install wrk, or brew install wrk.");

    /// <summary>One address, again and again.</summary>
    public Task<WrkResult> GetAsync(Uri url, int connections, TimeSpan warmUp, TimeSpan time, CancellationToken cancellationToken) =>
        RunAsync(url, connections, script: null, warmUp, time, cancellationToken);

    /// <summary>Addresses out of a list, each thread in an order of its own.</summary>
    public Task<WrkResult> GetAsync(Uri server, IReadOnlyList<string> paths, int connections, TimeSpan warmUp, TimeSpan time, CancellationToken cancellationToken) =>
        RunAsync(server, connections, WrkScripts.Get(paths), warmUp, time, cancellationToken);

    public Task<WrkResult> PostAsync(Uri url, string json, int connections, TimeSpan warmUp, TimeSpan time, CancellationToken cancellationToken) =>
        RunAsync(url, connections, WrkScripts.Post(json), warmUp, time, cancellationToken);

    /// <summary>Two things that are compared: each half of its time, then each the other half, so that what else the machine does meets both.</summary>
    public static async Task<(WrkResult, WrkResult)> InTurnsAsync(
        Func<TimeSpan, TimeSpan, Task<WrkResult>> one, Func<TimeSpan, TimeSpan, Task<WrkResult>> other, TimeSpan warmUp, TimeSpan time)
    {
        var half = time / 2;
        var (first, otherFirst) = (await one(warmUp, half), await other(warmUp, half));
        var (second, otherSecond) = (await one(TimeSpan.Zero, half), await other(TimeSpan.Zero, half));
        return (first.And(second), otherFirst.And(otherSecond));
    }

    async Task<WrkResult> RunAsync(Uri url, int connections, string? script, TimeSpan warmUp, TimeSpan time, CancellationToken cancellationToken)
    {
        var file = script is null ? null : Path.GetTempFileName();
        try
        {
            if (file is not null) await File.WriteAllTextAsync(file, script, cancellationToken);
            if (warmUp > TimeSpan.Zero) await OnceAsync(url, connections, file, warmUp, cancellationToken);
            return await OnceAsync(url, connections, file, time, cancellationToken);
        }
        finally
        {
            if (file is not null) File.Delete(file);
        }
    }

    async Task<WrkResult> OnceAsync(Uri url, int connections, string? script, TimeSpan time, CancellationToken cancellationToken)
    {
        string Number(double value) => value.ToString("0", CultureInfo.InvariantCulture);
        string[] arguments =
        [
            "--threads", "2", "--connections", Number(connections), "--duration", Number(Math.Max(1, time.TotalSeconds)) + "s", "--timeout", "10s", "--latency",
            .. script is null ? Array.Empty<string>() : ["--script", script], url.AbsoluteUri,
        ];
        var output = await ChildProcess.RunAsync(program, arguments, time + TimeSpan.FromSeconds(30), cancellationToken);
        var result = WrkResult.Parse(output);
        if (result.Failures is { } failures) throw new BenchFailure($"{url}: {failures}. Errors are not measured.");
        return result;
    }
}

/// <summary>What <c>wrk --latency</c> printed.</summary>
/// <param name="Failures">Answers that were not 2xx or 3xx, and failed connections, in wrk's words; null when there were none.</param>
sealed record WrkResult(long Requests, double PerSecond, double P50Ms, double P99Ms, string? Failures)
{
    /// <summary>Two runs of the same length as one: the mean of both.</summary>
    public WrkResult And(WrkResult other) =>
        new(Requests + other.Requests, (PerSecond + other.PerSecond) / 2, (P50Ms + other.P50Ms) / 2, (P99Ms + other.P99Ms) / 2, Failures ?? other.Failures);

    public static WrkResult Parse(string output)
    {
        var lines = output.Split('\n').Select(line => line.Trim()).ToList();
        string After(string start) => lines.Find(line => line.StartsWith(start, StringComparison.Ordinal))?[start.Length..].Trim() ?? throw new BenchFailure($"wrk printed something else than expected:\n{output}");

        var requests = lines.Find(line => line.Contains(" requests in ", StringComparison.Ordinal))?.Split(' ')[0] ?? throw new BenchFailure($"wrk printed something else than expected:\n{output}");
        var failures = lines.Where(line => line.StartsWith("Non-2xx", StringComparison.Ordinal) || line.StartsWith("Socket errors", StringComparison.Ordinal)).ToList();
        return new WrkResult(
            long.Parse(requests, CultureInfo.InvariantCulture),
            double.Parse(After("Requests/sec:"), CultureInfo.InvariantCulture),
            Milliseconds(After("50%")),
            Milliseconds(After("99%")),
            failures.Count == 0 ? null : string.Join("; ", failures));
    }

    // 812.00us, 3.57ms, 1.02s, 1.5m
    static double Milliseconds(string time)
    {
        var unit = time.TrimStart("0123456789.".ToCharArray());
        var number = double.Parse(time[..^unit.Length], CultureInfo.InvariantCulture);
        return unit switch
        {
            "us" => number / 1000,
            "ms" => number,
            "s" => number * 1000,
            "m" => number * 60_000,
            _ => throw new BenchFailure($"wrk printed a time of an unknown unit: {time}"),
        };
    }
}

/// <summary>The Lua that tells wrk what to ask.</summary>
static class WrkScripts
{
    // Requests are formatted once, and walked through in steps of a prime, from a start of each thread's own.
    public static string Get(IReadOnlyList<string> paths) =>
        $$"""
        local paths = { {{string.Join(", ", paths.Select(path => $"\"{path}\""))}} }
        local requests = {}
        local threads = 0
        local at = 0

        function setup(thread)
          thread:set("first", threads * 7919)
          threads = threads + 1
        end

        function init(args)
          for i, path in ipairs(paths) do requests[i] = wrk.format("GET", path) end
          at = first
        end

        function request()
          at = at + 1
          return requests[at % #requests + 1]
        end

        """;

    public static string Post(string json) =>
        $$"""
        wrk.method = "POST"
        wrk.headers["Content-Type"] = "application/json"
        wrk.body = '{{json}}'

        """;
}
