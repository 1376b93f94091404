using System.Runtime.InteropServices;

namespace Rosa.Platform.Hosting;

/// <summary>SIGTERM, SIGINT or SIGHUP: somebody wants this process to stop.</summary>
static class StopSignal
{
    /// <summary>Returns when one came, or when the application stops for a reason of its own.</summary>
    public static async Task WaitAsync(CancellationToken stopping)
    {
        var told = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        using var byItself = stopping.Register(() => told.TrySetResult());
        using var terminated = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Heard);
        using var interrupted = PosixSignalRegistration.Create(PosixSignal.SIGINT, Heard);
        using var hungUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Heard);
        await told.Task;

        void Heard(PosixSignalContext signal)
        {
            signal.Cancel = true;
            told.TrySetResult();
        }
    }
}
