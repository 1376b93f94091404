using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Platform.Discovery;

namespace Rosa.Platform.Tests.Hosting;

public sealed class LeavingTests
{
    [Fact]
    public async Task While_it_leaves_it_is_not_ready_answers_everything_and_asks_callers_not_to_come_back()
    {
        var parrot = await Parrot.StartAsync(("Hosting:LeaveAfter", "00:00:06"));
        using var client = parrot.Service.Client();
        using (var before = await client.GetAsync("/who")) Assert.Null(before.Headers.ConnectionClose);

        var leaving = parrot.DisposeAsync().AsTask();
        using var ready = await client.GetAsync("/health/ready");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        for (var i = 0; i < 20; i++)
        {
            using var answer = await client.GetAsync("/who");
            Assert.Equal(parrot.Name, await answer.Content.ReadAsStringAsync());
            Assert.True(answer.Headers.ConnectionClose);
        }
        Assert.False(leaving.IsCompleted);
        await leaving;
        await Assert.ThrowsAsync<HttpRequestException>(() => client.GetAsync("/who"));
    }

    [Fact]
    public async Task What_is_under_way_when_it_stops_is_finished()
    {
        var parrot = await Parrot.StartAsync();
        var (came, goOn) = (new TaskCompletionSource(), new TaskCompletionSource());
        parrot.Before = _ =>
        {
            came.SetResult();
            return goOn.Task;
        };
        using var client = parrot.Service.Client();
        var asked = client.GetAsync("/who");
        await came.Task;
        var leaving = parrot.DisposeAsync().AsTask();
        await Task.Delay(300);
        Assert.False(leaving.IsCompleted);
        goOn.SetResult();
        using var answer = await asked;
        Assert.Equal(parrot.Name, await answer.Content.ReadAsStringAsync());
        await leaving;
    }
}
