using System.Collections.Concurrent;
using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Rosa.Platform.Telemetry;

/// <summary>
/// How long answers take, by route, method and status. It stands in for the framework's own meter, which costs several
/// times as much a request; the number of series is bounded by the routes.
/// </summary>
sealed class RequestDurations
{
    readonly record struct Key(Endpoint? Endpoint, string Method, int Status);

    readonly ConcurrentDictionary<Key, DurationHistogram> byRequest = new();

    public void Record(HttpContext context, long startedAt)
    {
        var key = new Key(context.GetEndpoint(), Known(context.Request.Method), context.Response.StatusCode);
        if (!byRequest.TryGetValue(key, out var histogram)) histogram = byRequest.GetOrAdd(key, _ => new DurationHistogram());
        histogram.Record(Stopwatch.GetElapsedTime(startedAt));
    }

    public void Write(PrometheusText text)
    {
        const string name = "http_server_request_duration_seconds";
        text.Describe(name, "histogram", "Time from the request's headers to the end of its answer.");
        foreach (var (key, histogram) in byRequest)
            histogram.Write(text, name, [new("route", RouteOf(key.Endpoint)), new("method", key.Method), new("status", key.Status.ToString())]);
    }

    public static string RouteOf(Endpoint? endpoint) => endpoint switch
    {
        null => "none",
        RouteEndpoint { RoutePattern.RawText: { } pattern } => pattern,
        _ => endpoint.DisplayName ?? "unnamed",
    };

    /// <summary>A client may invent methods; a label may not.</summary>
    public static string Known(string method) => method switch
    {
        "GET" or "POST" or "PUT" or "PATCH" or "DELETE" or "HEAD" or "OPTIONS" => method,
        _ => "other",
    };
}

/// <summary>Counts by upper bound, as Prometheus wants them.</summary>
sealed class DurationHistogram
{
    static readonly double[] bounds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
    static readonly long[] boundTicks = [.. bounds.Select(seconds => TimeSpan.FromSeconds(seconds).Ticks)];

    readonly long[] counts = new long[bounds.Length + 1];
    long ticks;

    public void Record(TimeSpan took)
    {
        var bucket = 0;
        while (bucket < boundTicks.Length && took.Ticks > boundTicks[bucket]) bucket++;
        Interlocked.Increment(ref counts[bucket]);
        Interlocked.Add(ref ticks, took.Ticks);
    }

    public void Write(PrometheusText text, string name, KeyValuePair<string, string>[] labels)
    {
        var total = 0L;
        for (var bucket = 0; bucket < counts.Length; bucket++)
        {
            total += Interlocked.Read(ref counts[bucket]);
            text.Value(name + "_bucket", total, [.. labels, new("le", bucket < bounds.Length ? PrometheusText.Number(bounds[bucket]) : "+Inf")]);
        }
        text.Value(name + "_sum", TimeSpan.FromTicks(Interlocked.Read(ref ticks)).TotalSeconds, labels);
        text.Value(name + "_count", total, labels);
    }
}
