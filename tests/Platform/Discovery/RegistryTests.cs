using System.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Rosa.Platform.Discovery;
using Rosa.Platform.Redis;
using Rosa.Platform.Resilience;
using Rosa.Testing;

namespace Rosa.Platform.Tests.Discovery;

/// <summary>Real instances that register themselves in a real Redis.</summary>
public sealed class RegistryTests : IAsyncLifetime
{
    /// <summary>It takes a second or two; a busy machine takes longer.</summary>
    static readonly TimeSpan seenWithin = TimeSpan.FromSeconds(30);

    readonly List<Parrot> parrots = [];
    TestRedis redis = null!;
    Parrot caller = null!;

    public async ValueTask InitializeAsync()
    {
        redis = await TestRedis.StartAsync();
        caller = await Parrot.StartAsync(("Redis:Address", redis.Address), ("Discovery:Source", "redis"), ("Discovery:AdvertisedAddress", "192.0.2.1"));
        Called = caller.Service.Services.GetRequiredService<ServiceDirectory>().For("called");
    }

    public async ValueTask DisposeAsync()
    {
        await caller.DisposeAsync();
        foreach (var parrot in parrots) await parrot.DisposeAsync();
        await redis.DisposeAsync();
    }

    InstancePool Called { get; set; } = null!;

    async Task<RegisteredInstance> EnterAsync(int port)
    {
        var instance = new RegisteredInstance(new Uri($"http://127.0.0.1:{port}"), new Uri($"http://127.0.0.1:{port + 1}"), DateTimeOffset.UtcNow, "1.0");
        await Registry.RenewAsync("called", instance);
        return instance;
    }

    RegisteredInstances Registry => caller.Service.Services.GetRequiredService<RegisteredInstances>();

    static async Task UntilAsync(Func<bool> holds, TimeSpan within, string what)
    {
        for (var waited = Stopwatch.StartNew(); !holds(); await Task.Delay(10)) Assert.True(waited.Elapsed < within, $"not within {within}: {what}");
    }

    [Fact]
    public async Task An_instance_is_seen_when_it_comes_and_gone_when_it_leaves()
    {
        var one = await EnterAsync(1000);
        await UntilAsync(() => Called.Instances.Count == 1, seenWithin, "one has come");
        var two = await EnterAsync(2000);
        await UntilAsync(() => Called.Instances.Count == 2, seenWithin, "two has come");
        await Registry.LeaveAsync("called", one);
        await UntilAsync(() => Called.Instances is [{ Address.Http.Port: 2000, Address.Grpc.Port: 2001 }], seenWithin, "one has left");
        await Registry.LeaveAsync("called", two);
    }

    [Fact]
    public async Task An_instance_that_does_not_renew_its_lease_is_gone()
    {
        await EnterAsync(1000);
        var two = await EnterAsync(2000);
        await UntilAsync(() => Called.Instances.Count == 2, seenWithin, "both have come");
        using var renewing = new Timer(_ => _ = Registry.RenewAsync("called", two), null, 0, 500);
        await UntilAsync(() => Called.Instances is [{ Address.Http.Port: 2000 }], seenWithin, "one's lease has ended");
    }

    [Fact]
    public async Task A_service_enters_itself_with_its_real_ports_and_leaves_when_it_stops()
    {
        var parrot = await Parrot.StartAsync(("Redis:Address", redis.Address), ("Discovery:Source", "redis"));
        var pool = caller.Service.Services.GetRequiredService<ServiceDirectory>().For("parrot");
        await UntilAsync(() => pool.Instances.Count == 2, seenWithin, "the caller and the new one");
        Assert.Contains(pool.Instances, instance => instance.Address == parrot.Address);
        Assert.Contains(pool.Instances, instance => instance.Address.Http!.Host == "192.0.2.1");
        await parrot.DisposeAsync();
        await UntilAsync(() => pool.Instances.All(instance => instance.Address != parrot.Address), seenWithin, "it has left");
    }

    [Fact]
    public async Task With_Redis_gone_the_instances_last_known_stay_and_an_empty_Redis_fills_itself_again()
    {
        var parrot = await Parrot.StartAsync(("Redis:Address", redis.Address), ("Discovery:Source", "redis"));
        parrots.Add(parrot);
        var pool = caller.Service.Services.GetRequiredService<ServiceDirectory>().For("parrot");
        await UntilAsync(() => pool.Instances.Count == 2, seenWithin, "both are known");
        var connection = caller.Service.Services.GetRequiredService<RedisConnection>();
        for (var round = 0; round < 2; round++)
        {
            redis.Kill();
            await UntilAsync(() => !connection.IsUp, seenWithin, "it is noticed");
            await Registry.RunOnceAsync();
            Assert.Equal(2, pool.Instances.Count);

            await redis.StartAgainAsync();
            await UntilAsync(() => connection.IsUp, seenWithin, "it is back");
            await UntilAsync(() => pool.Instances.Any(instance => instance.Address == parrot.Address) && pool.Instances.Count == 2, seenWithin, "both are there again");
        }

        // What is told goes through the new connection, too.
        var late = await Parrot.StartAsync(("Redis:Address", redis.Address), ("Discovery:Source", "redis"));
        parrots.Add(late);
        await UntilAsync(() => pool.Instances.Count == 3, seenWithin, "one came after the restart");
    }

    [Fact]
    public async Task A_Redis_that_hangs_costs_a_call_nothing()
    {
        var parrot = await Parrot.StartAsync(("Redis:Address", redis.Address), ("Discovery:Source", "redis"));
        parrots.Add(parrot);
        var pool = caller.Service.Services.GetRequiredService<ServiceDirectory>().For("parrot");
        await UntilAsync(() => pool.Instances.Any(instance => instance.Address == parrot.Address), seenWithin, "it is known");
        pool.Replace([parrot.Address]);
        redis.Pause();
        try
        {
            var http = caller.Service.Services.GetRequiredService<ServiceHttp>();
            for (var i = 0; i < 50; i++)
            {
                using var answer = await http.SendAsync("parrot", HttpMethod.Get, "/who", null, TimeSpan.FromSeconds(2), CancellationToken.None);
                Assert.Equal(parrot.Name, await answer.Content.ReadAsStringAsync());
            }
            var connection = caller.Service.Services.GetRequiredService<RedisConnection>();
            await UntilAsync(() => !connection.IsUp, seenWithin, "it is noticed");
            redis.GoOn();
            await UntilAsync(() => connection.IsUp, seenWithin, "it is back");
        }
        finally
        {
            redis.GoOn();
        }
    }
}
