namespace Rosa.Platform.Hosting;

/// <summary>Whether this service takes requests: after its start is complete, and until it is told to stop.</summary>
public sealed class Readiness
{
    readonly List<(string Name, Func<CancellationToken, Task> Check)> checks = [];
    volatile bool started;
    volatile bool stopping;

    public bool IsReady => started && !stopping;

    /// <summary>Something without which the service cannot answer, such as its database. Throws when it is down.</summary>
    public void Needs(string name, Func<CancellationToken, Task> check) => checks.Add((name, check));

    public void Started() => started = true;

    public void Stopping() => stopping = true;

    /// <summary>What is missing right now, by name; empty when ready.</summary>
    public async Task<IReadOnlyDictionary<string, string>> MissingAsync(CancellationToken cancellationToken)
    {
        var missing = new Dictionary<string, string>();
        if (!started) missing["start"] = "not complete";
        if (stopping) missing["start"] = "stopping";
        foreach (var (name, check) in checks)
        {
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(TimeSpan.FromSeconds(2));
            try
            {
                await check(limit.Token);
            }
            catch (Exception exception) when (!cancellationToken.IsCancellationRequested)
            {
                missing[name] = exception is OperationCanceledException ? "no answer" : "down";
            }
        }
        return missing;
    }
}
