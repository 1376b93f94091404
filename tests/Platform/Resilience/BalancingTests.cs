using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Platform.Discovery;
using Rosa.Platform.Grpc;
using Rosa.Platform.Resilience;
using Rosa.Platform.Tests.Grpc;
using Rosa.Testing;

namespace Rosa.Platform.Tests.Resilience;

/// <summary>A service that calls two real instances of another, over HTTP and gRPC.</summary>
public sealed class BalancingTests : IAsyncLifetime
{
    static readonly TimeSpan within = TimeSpan.FromSeconds(20);

    Parrot one = null!, two = null!, caller = null!;

    public async ValueTask InitializeAsync()
    {
        (one, two) = (await Parrot.StartAsync(), await Parrot.StartAsync());
        caller = await Parrot.StartAsync(
            ("Services:parrot:Http", $"{one.Address.Http} {two.Address.Http}"), ("Services:parrot:Grpc", $"{one.Address.Grpc} {two.Address.Grpc}"),
            ("Resilience:BreakerOpensAfter", "1000"));
    }

    public async ValueTask DisposeAsync()
    {
        await caller.DisposeAsync();
        await one.DisposeAsync();
        await two.DisposeAsync();
    }

    ServiceHttp Http => caller.Service.Services.GetRequiredService<ServiceHttp>();

    ServiceGrpc Grpc => caller.Service.Services.GetRequiredService<ServiceGrpc>();

    InstancePool Pool => caller.Service.Services.GetRequiredService<ServiceDirectory>().For("parrot");

    async Task<string> WhoAsync()
    {
        using var answer = await Http.SendAsync("parrot", HttpMethod.Get, "/who", null, within, CancellationToken.None);
        return await answer.Content.ReadAsStringAsync();
    }

    async Task<string> BuyAsync(string what, string? key = null)
    {
        using var answer = await Http.SendAsync("parrot", HttpMethod.Post, "/buy", new StringContent(what), within, CancellationToken.None, key);
        return await answer.Content.ReadAsStringAsync();
    }

    async Task<string> SayAsync(GrpcMethod method = GrpcMethod.SafeToRepeat) =>
        (await Grpc.CallAsync("parrot", Echo.Say with { SafeToRepeat = method == GrpcMethod.SafeToRepeat }, new EchoMessage { Text = "hello" }, CancellationToken.None, within)).Text;

    enum GrpcMethod { SafeToRepeat, NotSafe }

    /// <summary>The connection breaks while the answer is awaited.</summary>
    static Task BreakOff(HttpContext context)
    {
        context.Abort();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Calls_are_spread_over_the_instances()
    {
        var names = new List<string>();
        for (var i = 0; i < 20; i++) names.AddRange(await WhoAsync(), await SayAsync());
        Assert.InRange(names.Count(name => name == one.Name), 15, 25);
    }

    [Fact]
    public async Task A_slow_instance_gets_fewer_calls()
    {
        one.Before = _ => Task.Delay(300);
        var names = new System.Collections.Concurrent.ConcurrentBag<string>();
        await Task.WhenAll(Enumerable.Range(0, 8).Select(async _ =>
        {
            for (var i = 0; i < 20; i++) names.Add(await WhoAsync());
        }));
        Assert.True(names.Count(name => name == one.Name) < names.Count / 3, $"{names.Count(name => name == one.Name)} of {names.Count}");
    }

    [Fact]
    public async Task An_instance_that_is_not_reached_fails_no_call_not_even_one_that_is_not_safe_to_repeat()
    {
        await one.DisposeAsync();
        for (var i = 0; i < 20; i++)
        {
            Assert.Equal(two.Name, await WhoAsync());
            Assert.Equal(two.Name, await BuyAsync($"{i}"));
            Assert.Equal(two.Name, await SayAsync(GrpcMethod.NotSafe));
        }
        Assert.Equal([.. Enumerable.Range(0, 20).Select(i => $"{i}")], two.Heard.Where(heard => heard != "hello"));
        Assert.True(Pool.Instances[0].IsLeftOut);
    }

    [Fact]
    public async Task A_read_that_breaks_off_is_asked_of_another_instance()
    {
        one.Before = BreakOff;
        for (var i = 0; i < 10; i++) Assert.Equal(two.Name, await WhoAsync());
    }

    [Fact]
    public async Task A_call_that_one_instance_leaves_hanging_is_asked_of_another_where_that_does_no_harm()
    {
        one.Before = _ => Task.Delay(TimeSpan.FromSeconds(30));
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(two.Name, await WhoAsync());
            Assert.Equal(two.Name, await SayAsync());
        }
        Assert.True(Pool.Instances[0].IsLeftOut);
    }

    [Fact]
    public async Task A_call_waits_for_the_only_instance_that_is_left_however_slow_it_is()
    {
        await one.DisposeAsync();
        two.Before = _ => Task.Delay(TimeSpan.FromSeconds(2.5));   // longer than the patience with one of several
        for (var i = 0; i < 2; i++)
        {
            Assert.Equal(two.Name, await WhoAsync());
            Assert.Equal(two.Name, await SayAsync());
        }
    }

    [Fact]
    public async Task A_purchase_that_breaks_off_is_repeated_elsewhere_with_its_key_and_not_without()
    {
        one.Before = two.Before = BreakOff;
        await Assert.ThrowsAnyAsync<HttpRequestException>(() => BuyAsync("without a key"));
        Assert.Single(one.Heard.Concat(two.Heard));

        two.Before = _ => Task.CompletedTask;
        for (var i = 0; i < 4; i++) Assert.Equal(two.Name, await BuyAsync("with a key", key: $"key-{i}"));
    }

    [Fact]
    public async Task A_service_that_answers_that_it_cannot_is_left_out_after_three_times()
    {
        one.Before = context =>
        {
            context.Response.StatusCode = 503;
            return Task.CompletedTask;
        };
        for (var i = 0; i < 10; i++)
        {
            try
            {
                await WhoAsync();
            }
            catch (HttpRequestException)
            {
                // It is a real answer of the service: not repeated.
            }
        }
        Assert.True(Pool.Instances[0].IsLeftOut);
        Assert.Equal(two.Name, await WhoAsync());
    }

    [Fact]
    public async Task A_service_without_a_known_instance_is_an_outage()
    {
        await Assert.ThrowsAsync<HttpRequestException>(() => Http.SendAsync("nobody", HttpMethod.Get, "/", null, within, CancellationToken.None));
        var unavailable = await Assert.ThrowsAsync<GrpcException>(() => Grpc.CallAsync("nobody", Echo.Say, new EchoMessage(), CancellationToken.None));
        Assert.Equal(GrpcStatusCode.Unavailable, unavailable.Status);
    }

    [Fact]
    public async Task A_stream_that_ends_with_its_instance_goes_on_at_another()
    {
        var names = new List<string>();
        var leaves = Task.CompletedTask;
        async Task FollowAsync()
        {
            await foreach (var message in Grpc.StreamAsync("parrot", Echo.Repeat, new RepeatRequest { Text = "", Times = 20 }, CancellationToken.None))
            {
                names.Add(message.Text);
                if (names.Count != 5) continue;
                var leaving = names[0] == one.Name ? one : two;
                leaves = leaving.DisposeAsync().AsTask();
            }
        }
        await FollowAsync();   // what is under way is finished
        Assert.Equal(20, names.Count);
        var first = names[0];
        await leaves;
        names.Clear();
        await FollowAsync();
        Assert.All(names, name => Assert.NotEqual(first, name));
    }
}
