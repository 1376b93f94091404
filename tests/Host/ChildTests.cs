using System.Collections.Concurrent;
using Rosa.Host.Distributed;

namespace Rosa.Host.Tests;

/// <summary>A process that is watched, here one that only sleeps.</summary>
public sealed class ChildTests : IAsyncDisposable
{
    readonly TemporaryFolder folder = new();
    readonly ConcurrentQueue<string> said = new();
    readonly Child child;

    public ChildTests()
    {
        var data = folder.Data;
        DataFolder.MakePrivately(data.Run);
        var plan = new ChildPlan("sleeper-1", ["sleep", "3600"], Mark: "sleep 3600", Path.Combine(folder.Root, "sleeper.out")) { IsReadyAsync = _ => Task.FromResult(true) };
        child = new Child(plan, data, said.Enqueue);
    }

    public async ValueTask DisposeAsync()
    {
        await child.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task One_that_is_killed_is_back_as_another_process_however_often()
    {
        await child.StartAsync(default);
        await KillAndAwaitAsync();
        await KillAndAwaitAsync();
    }

    [Fact]
    public async Task Its_number_may_be_asked_for_while_it_comes_back()
    {
        await child.StartAsync(default);
        using var end = new CancellationTokenSource();
        var asking = Task.Run(() =>
        {
            while (!end.IsCancellationRequested) Assert.NotEqual(0, child.ProcessId);
        });
        await KillAndAwaitAsync();
        await KillAndAwaitAsync();
        await end.CancelAsync();
        await asking;
    }

    [Fact]
    public async Task A_listener_that_fails_leaves_it_watched_and_stoppable()
    {
        child.CameBack += () => throw new IOException("no room is left");
        await child.StartAsync(default);
        await KillAndAwaitAsync();
        await KillAndAwaitAsync();
        Assert.Contains(said, line => line.Contains("no room is left", StringComparison.Ordinal));
        var last = child.ProcessId;
        await child.StopAsync();
        Assert.False(SystemProcess.IsAlive(last));
        Assert.Equal(0, child.ProcessId);
    }

    async Task KillAndAwaitAsync()
    {
        var before = child.ProcessId;
        SystemProcess.Signal(before, SystemProcess.KillNow);
        // Its new number is known before it is ready; it is back when it says so.
        await Eventually.IsTrueAsync(() => child.ProcessId != before && said.Contains($"sleeper-1 is back (process {child.ProcessId})."), "it is back as another process");
        Assert.True(SystemProcess.IsAlive(child.ProcessId));
    }
}
