using System.Diagnostics;
using System.Globalization;

namespace Rosa.Host.Distributed;

/// <summary>One process of a plan: started, watched, started again when it ends by itself, and told to end.</summary>
/// <param name="turns">Who ended and comes back takes turns with all others of these; null for what everything else waits for.</param>
sealed class Child(ChildPlan plan, DataFolder folder, Action<string> say, SemaphoreSlim? turns = null) : IAsyncDisposable
{
    static readonly TimeSpan shortestPause = TimeSpan.FromMilliseconds(200), longestPause = TimeSpan.FromSeconds(5);

    /// <summary>One that ran so long and then ended is started again at once; one that ends sooner waits longer each time.</summary>
    static readonly TimeSpan ranWell = TimeSpan.FromSeconds(30);

    static readonly TimeSpan readyWithin = TimeSpan.FromSeconds(90), lookEvery = TimeSpan.FromMilliseconds(50);

    /// <summary>One that is not ready by then waits for something else, and lets the next begin.</summary>
    static readonly TimeSpan turnEndsWithin = TimeSpan.FromSeconds(8);

    readonly CancellationTokenSource stopping = new();
    Process? process;
    volatile int processId;
    Task watch = Task.CompletedTask;
    bool hasEndedBefore;

    public string Name => plan.Name;

    /// <summary>0 before it is started and after it was stopped. May be asked for at any moment: also between two of its processes.</summary>
    public int ProcessId => processId;

    /// <summary>After it ended by itself: it is ready again, as another process.</summary>
    public event Action? CameBack;

    /// <summary>Returns when it is ready.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        process = Launch();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(readyWithin);
        try
        {
            if (!await BecomesReadyAsync(process, limit.Token)) throw new StartProblem($"{Name} cannot start:\n{LastWords()}\nThe whole log: {plan.Output}");
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            throw new StartProblem($"{Name} is not ready within {readyWithin.TotalSeconds} seconds. Its log: {plan.Output}");
        }
        watch = WatchAsync();
    }

    /// <summary>Tells it to end, waits until it has, and lets it be ended.</summary>
    public async Task StopAsync()
    {
        await stopping.CancelAsync();
        await watch;
        if (process is null) return;
        SystemProcess.Signal(process.Id, SystemProcess.Terminate);
        if (!await SystemProcess.EndsWithinAsync(process.Id, plan.EndsWithin))
        {
            say($"{Name} (process {process.Id}) does not stop: killing it.");
            SystemProcess.SignalGroup(process.Id, SystemProcess.KillNow);
        }
        Records.Forget(folder, Name);
        process.Dispose();
        (process, processId) = (null, 0);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        stopping.Dispose();
    }

    /// <summary>Until it is told to stop, whatever goes wrong meanwhile: one that nobody watches stays away when it ends.</summary>
    async Task WatchAsync()
    {
        var pause = shortestPause;
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var began = Stopwatch.GetTimestamp();
                await process!.WaitForExitAsync(stopping.Token);
                if (Stopwatch.GetElapsedTime(began) > ranWell) pause = shortestPause;
                hasEndedBefore = true;
                say(string.Create(CultureInfo.InvariantCulture, $"{Name} (process {ProcessId}) has ended with {process.ExitCode}: starting it again."));
                await Task.Delay(pause, stopping.Token);
                pause = pause * 2 < longestPause ? pause * 2 : longestPause;

                if (!await ComesBackAsync(process)) continue;
                say($"{Name} is back (process {ProcessId}).");
                CameBack?.Invoke();
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
            }
            catch (Exception exception)
            {
                say($"{Name} (process {ProcessId}): {exception.Message}");
            }
        }
    }

    async Task<bool> ComesBackAsync(Process ended)
    {
        if (turns is not null) await turns.WaitAsync(stopping.Token);
        Task<bool> ready;
        try
        {
            process = Launch();
            ended.Dispose();
            ready = BecomesReadyAsync(process, stopping.Token);
            if (turns is not null) await Task.WhenAny(ready, Task.Delay(turnEndsWithin, stopping.Token));
        }
        finally
        {
            turns?.Release();
        }
        return await ready;
    }

    Process Launch()
    {
        var start = DetachedProcess.Start(plan.Output, plan.WorkingFolder, plan.Command);
        foreach (var (name, value) in plan.Environment) start.Environment[name] = value;
        if (hasEndedBefore) start.Environment.Remove(ChildPlan.CrashPoint);
        var launched = DetachedProcess.Run(start);
        processId = launched.Id;
        Records.Write(folder, Name, launched.Id, plan.Mark);
        return launched;
    }

    /// <summary>False when it ended instead.</summary>
    async Task<bool> BecomesReadyAsync(Process launched, CancellationToken cancellationToken)
    {
        while (!launched.HasExited)
        {
            if (await plan.IsReadyAsync(cancellationToken)) return true;
            await Task.Delay(lookEvery, cancellationToken);
        }
        return false;
    }

    string LastWords() => File.Exists(plan.Output) ? string.Join('\n', File.ReadLines(plan.Output).TakeLast(10)) : "It said nothing.";
}
