using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Platform.Hosting;

namespace Rosa.Host;

/// <summary>The web applications of one process, a service each.</summary>
sealed class RunningServices(IReadOnlyList<Service> services, IReadOnlyList<WebApplication> apps) : IAsyncDisposable
{
    static readonly TimeSpan ReadyWithin = TimeSpan.FromMinutes(1), StoppedWithin = TimeSpan.FromSeconds(20);

    readonly TaskCompletionSource<string> ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Returns when every service is ready.</summary>
    public async Task StartAsync(CancellationToken stop)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stop);
        limit.CancelAfter(ReadyWithin);
        await Task.WhenAll(apps.Select((app, i) => Task.Run(() => StartAsync(services[i].Name, app, limit.Token, stop), CancellationToken.None)));
    }

    /// <summary>Until told to stop (null), or until a service ends by itself (its name): a shop with a part missing is not a shop.</summary>
    public async Task<string?> WaitAsync(CancellationToken stop)
    {
        await Task.WhenAny(ended.Task, Task.Delay(Timeout.Infinite, stop));
        return stop.IsCancellationRequested ? null : await ended.Task;
    }

    /// <summary>From the last row of the table to the first: whoever calls stops before those it calls.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(StoppedWithin);
        for (var i = apps.Count - 1; i >= 0; i--)
        {
            try
            {
                await apps[i].StopAsync(limit.Token);
                await apps[i].DisposeAsync();
            }
            catch (Exception exception)
            {
                // The others still want to stop in order, and PostgreSQL after them.
                HostLog.Say($"{services[i].Name} did not stop cleanly: {exception.Message}");
            }
        }
    }

    async Task StartAsync(string name, WebApplication app, CancellationToken limit, CancellationToken stop)
    {
        IReadOnlyDictionary<string, string> missing = new Dictionary<string, string>();
        try
        {
            await app.StartAsync(limit);
            app.Lifetime.ApplicationStopping.Register(() => ended.TrySetResult(name));
            var readiness = app.Services.GetRequiredService<Readiness>();
            while ((missing = await readiness.MissingAsync(limit)).Count > 0) await Task.Delay(20, limit);
        }
        catch (Exception exception) when (!stop.IsCancellationRequested)
        {
            var reason = limit.IsCancellationRequested
                ? $"is not ready within {ReadyWithin.TotalSeconds} seconds: {string.Join(", ", missing.Select(part => $"{part.Key} {part.Value}"))}"
                : $"cannot start: {exception.Message}";
            throw new StartProblem($"{name} {reason}");
        }
    }
}
