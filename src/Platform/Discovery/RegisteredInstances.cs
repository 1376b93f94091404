using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Rosa.Platform.Redis;

namespace Rosa.Platform.Discovery;

/// <summary>What an instance says of itself in the registry. Two instances are never equal: they began at different moments or answer elsewhere.</summary>
/// <param name="Version">Of the program, for people who look.</param>
public sealed record RegisteredInstance(Uri? Http, Uri? Grpc, DateTimeOffset StartedAt, string Version);

/// <summary>
/// The registry in Redis: of each service a sorted set, in which an instance stands until its lease ends unless it renews it. Whoever comes or leaves
/// tells the others, which also look every two seconds. With Redis gone, those last known stay.
/// </summary>
/// <remarks>Leases end by the clock of Redis, so that clocks of machines need not agree.</remarks>
public sealed partial class RegisteredInstances(RedisConnection redis, IConfiguration configuration, ILogger<RegisteredInstances> logger) : BackgroundService, IInstanceSource
{
    const string Channel = "rosa:instances";
    static readonly TimeSpan lease = TimeSpan.FromSeconds(3);
    static readonly TimeSpan readEvery = TimeSpan.FromSeconds(2);

    const string Now = "local time = redis.call('time') local now = time[1] * 1000 + math.floor(time[2] / 1000) ";

    const string RenewScript = Now +
        """
        local ended = redis.call('zremrangebyscore', KEYS[1], '-inf', now)
        local new = redis.call('zadd', KEYS[1], now + ARGV[2], ARGV[1])
        redis.call('pexpire', KEYS[1], 60000)
        if ended + new > 0 then redis.call('publish', ARGV[3], ARGV[4]) end
        return new
        """;

    const string ReadScript = Now + "return redis.call('zrangebyscore', KEYS[1], now, '+inf')";

    const string LeaveScript =
        """
        local gone = redis.call('zrem', KEYS[1], ARGV[1])
        redis.call('publish', ARGV[2], ARGV[3])
        return gone
        """;

    readonly ConcurrentDictionary<string, InstancePool> followed = new();
    readonly SemaphoreSlim reading = new(1);

    /// <summary>Until the registry has answered, what is configured counts, if anything is.</summary>
    public void Follow(InstancePool pool)
    {
        pool.Replace(ConfiguredInstances.Of(configuration, pool.Service));
        followed[pool.Service] = pool;
        _ = ReadAsync(pool);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        redis.Hear(Channel, service =>
        {
            if (followed.TryGetValue(service, out var pool)) _ = ReadAsync(pool);
        });
        using var timer = new PeriodicTimer(readEvery);
        while (await timer.WaitForNextTickAsync(stoppingToken)) await RunOnceAsync();
    }

    /// <summary>Reads the instances of all services that are followed.</summary>
    public Task RunOnceAsync() => Task.WhenAll(followed.Values.Select(ReadAsync));

    /// <summary>Enters the instance, or makes its lease longer.</summary>
    public Task RenewAsync(string service, RegisteredInstance self) =>
        redis.RunAsync(RenewScript, Key(service), Member(self), (long)lease.TotalMilliseconds, Channel, service);

    /// <summary>Takes the instance out, and tells those who call it.</summary>
    public Task LeaveAsync(string service, RegisteredInstance self) => redis.RunAsync(LeaveScript, Key(service), Member(self), Channel, service);

    /// <summary>One reading at a time, so that an older answer never replaces a newer one.</summary>
    async Task ReadAsync(InstancePool pool)
    {
        await reading.WaitAsync();
        try
        {
            if (await redis.RunAsync(ReadScript, Key(pool.Service)) is not { IsNull: false } answer) return;
            var registered = ((string[])answer!).Select(member => JsonSerializer.Deserialize<RegisteredInstance>(member, JsonSerializerOptions.Web)!).ToList();
            if (registered.Count == 0) return;   // a registry that was emptied says nothing; who really is gone fails and is left out
            pool.Replace([.. registered.OrderBy(instance => instance.StartedAt).Select(instance => new InstanceAddress(instance.Http, instance.Grpc))]);
        }
        catch (JsonException exception)
        {
            Log.NotUnderstood(logger, pool.Service, exception.Message);
        }
        finally
        {
            reading.Release();
        }
    }

    static string Key(string service) => "rosa:instances:" + service;

    static string Member(RegisteredInstance self) => JsonSerializer.Serialize(self, JsonSerializerOptions.Web);

    public override void Dispose()
    {
        reading.Dispose();
        base.Dispose();
    }

    static partial class Log
    {
        [LoggerMessage(71, LogLevel.Warning, "The registry's entries of {Service} were not understood: {Reason}")]
        public static partial void NotUnderstood(ILogger logger, string service, string reason);
    }
}
