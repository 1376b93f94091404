namespace Rosa.Cli.Top;

/// <summary>What an instance has counted since it began; null values where it does not say.</summary>
/// <param name="Buckets">Requests that took at most so many seconds, by that bound.</param>
sealed record Reading(
    DateTimeOffset At, double StartedAt, double Requests, double Errors, IReadOnlyDictionary<double, double> Buckets,
    IReadOnlyList<string> OpenCircuits, double? Outbox, double? Inbox, double? Parked, double ProcessorSeconds, double MemoryBytes)
{
    const string Durations = "http_server_request_duration_seconds";

    public static Reading Of(MetricsText metrics, DateTimeOffset at)
    {
        // Whoever looks must not see themselves.
        bool Counts(IReadOnlyDictionary<string, string> labels) => labels["route"] is not ("/metrics" or "/health/ready" or "/health/live" or "/health");
        var counts = metrics.Of(Durations + "_count").Where(sample => Counts(sample.Labels)).ToList();
        return new Reading(
            at,
            metrics.Sum("process_start_time_seconds"),
            counts.Sum(sample => sample.Value),
            counts.Where(sample => sample.Labels["status"][0] == '5').Sum(sample => sample.Value),
            metrics.Of(Durations + "_bucket").Where(sample => Counts(sample.Labels)).GroupBy(sample => Bound(sample.Labels["le"])).ToDictionary(bucket => bucket.Key, bucket => bucket.Sum(sample => sample.Value)),
            [.. metrics.Of("rosa_circuit_state").Where(sample => sample.Value > 0).Select(sample => $"{sample.Labels["dependency"]} {(sample.Value > 1 ? "open" : "half open")}").Order()],
            Single(metrics, "rosa_outbox_events"),
            Single(metrics, "rosa_inbox_events"),
            Single(metrics, "rosa_inbox_parked_events"),
            metrics.Sum("process_cpu_seconds_total"),
            metrics.Sum("process_resident_memory_bytes"));
    }

    static double Bound(string le) => le == "+Inf" ? double.PositiveInfinity : double.Parse(le, System.Globalization.CultureInfo.InvariantCulture);

    static double? Single(MetricsText metrics, string name) => metrics.Of(name).Select(sample => (double?)sample.Value).FirstOrDefault();
}

/// <summary>What happened between two readings of an instance.</summary>
/// <param name="P99">Seconds: the bound of the histogram's bucket that 99 of 100 requests stayed within; null without requests.</param>
sealed record Rates(double RequestsPerSecond, double? P99, double Errors, double Processor)
{
    /// <param name="before">Null, or of a process that is gone: then all since the start counts.</param>
    public static Rates Between(Reading? before, Reading now)
    {
        var since = before is not null && before.StartedAt == now.StartedAt ? before : null;
        var seconds = Math.Max(0.001, since is null ? now.At.ToUnixTimeMilliseconds() / 1000.0 - now.StartedAt : (now.At - since.At).TotalSeconds);
        var requests = now.Requests - (since?.Requests ?? 0);
        return new Rates(requests / seconds, Percentile99(since, now), now.Errors - (since?.Errors ?? 0), (now.ProcessorSeconds - (since?.ProcessorSeconds ?? 0)) / seconds);
    }

    static double? Percentile99(Reading? since, Reading now)
    {
        var within = now.Buckets.OrderBy(bucket => bucket.Key)
            .Select(bucket => (Bound: bucket.Key, Count: bucket.Value - (since?.Buckets.GetValueOrDefault(bucket.Key) ?? 0))).ToList();
        if (within.Count == 0 || within[^1].Count <= 0) return null;
        return within.First(bucket => bucket.Count >= 0.99 * within[^1].Count).Bound;
    }
}
