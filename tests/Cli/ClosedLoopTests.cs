using Rosa.Cli.Load;

namespace Rosa.Cli.Tests;

public class ClosedLoopTests
{
    [Fact]
    public async Task Only_what_ends_in_the_window_counts_and_every_caller_calls()
    {
        var called = new int[4];
        var result = await ClosedLoop.RunAsync(4, TimeSpan.FromMilliseconds(50), TimeSpan.FromSeconds(1), async (caller, token) =>
        {
            Interlocked.Increment(ref called[caller]);
            await Task.Delay(5, token);
            return TimeSpan.FromMilliseconds(5);
        }, CancellationToken.None);

        Assert.DoesNotContain(0, called);
        Assert.InRange(result.Times.Count, 1, called.Sum() - 1);
        Assert.InRange(result.Times.Milliseconds(0.5), 4.9, 5.1);
    }

    [Fact]
    public async Task The_first_failure_ends_the_loop_and_is_told()
    {
        var failure = await Assert.ThrowsAsync<BenchFailure>(() => ClosedLoop.RunAsync(4, TimeSpan.Zero, TimeSpan.FromMinutes(5), async (caller, token) =>
        {
            await Task.Delay(caller == 2 ? 20 : 300_000, token);
            throw new BenchFailure("answered 500 and not 200");
        }, CancellationToken.None));
        Assert.Equal("answered 500 and not 200", failure.Message);
    }
}
