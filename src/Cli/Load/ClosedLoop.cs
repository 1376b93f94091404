using System.Diagnostics;

namespace Rosa.Cli.Load;

/// <summary>What a closed loop did while it was measured.</summary>
sealed record LoopResult(double Seconds, LatencyHistogram Times)
{
    public double PerSecond => Times.Count / Seconds;
}

/// <summary>
/// A number of callers, each of whom asks again as soon as it has its answer, as virtual customers do. Only what ends while the
/// window is open counts; the first failure ends the loop and is thrown.
/// </summary>
static class ClosedLoop
{
    /// <param name="turn">One round of one caller (numbered from 0): does its work and returns the time to record.</param>
    /// <param name="cpu">Measured over the same window.</param>
    public static async Task<LoopResult> RunAsync(
        int callers, TimeSpan warmUp, TimeSpan window, Func<int, CancellationToken, Task<TimeSpan>> turn, CancellationToken cancellationToken, CpuMeter? cpu = null)
    {
        LatencyHistogram? open = null;
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var over = false;

        async Task CallAsync(int caller)
        {
            try
            {
                while (!Volatile.Read(ref over))
                {
                    var time = await turn(caller, failed.Token);
                    Volatile.Read(ref open)?.Record(time);
                }
            }
            catch
            {
                await failed.CancelAsync();
                throw;
            }
        }

        var all = Task.WhenAll(Enumerable.Range(0, callers).Select(caller => Task.Run(() => CallAsync(caller), CancellationToken.None)));
        var times = new LatencyHistogram();
        var seconds = 0d;
        try
        {
            await Task.Delay(warmUp, failed.Token);
            cpu?.Start();
            var start = Stopwatch.GetTimestamp();
            Volatile.Write(ref open, times);
            await Task.Delay(window, failed.Token);
            Volatile.Write(ref open, null);
            seconds = Stopwatch.GetElapsedTime(start).TotalSeconds;
            cpu?.Stop();
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            // A caller failed: its exception comes with the others' below.
        }
        Volatile.Write(ref over, true);
        await FirstFailureAsync(all);
        return new LoopResult(seconds, times);
    }

    // The cancellations that follow a failure are not what went wrong.
    static async Task FirstFailureAsync(Task all)
    {
        try
        {
            await all;
        }
        catch (OperationCanceledException) when (all.Exception?.InnerExceptions.FirstOrDefault(exception => exception is not OperationCanceledException) is { } cause)
        {
            throw new BenchFailure(cause.Message);
        }
    }

    /// <summary>Times one piece of work.</summary>
    public static async Task<TimeSpan> TimeAsync(Func<Task> work)
    {
        var start = Stopwatch.GetTimestamp();
        await work();
        return Stopwatch.GetElapsedTime(start);
    }
}
