using System.Collections.Concurrent;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using StackExchange.Redis;

namespace Rosa.Platform.Redis;

/// <summary>
/// What the instances of a service share in Redis (<c>Redis:Address</c>). Nothing in it is needed to answer: every use waits for at most 200 ms,
/// says by null that Redis did not answer, and its caller then goes on with what this process knows.
/// </summary>
/// <remarks>
/// While Redis is gone a use costs nothing: it is not asked until a look, once a second, has found it there again. A connection that does not heal by
/// itself within three seconds is replaced by a new one, which hears the same channels.
/// </remarks>
public sealed partial class RedisConnection : BackgroundService
{
    static readonly TimeSpan lookEvery = TimeSpan.FromSeconds(1);
    static readonly TimeSpan lookWithin = TimeSpan.FromMilliseconds(800);
    const int LooksBeforeNewConnection = 3;

    readonly ConfigurationOptions options;
    readonly TimeSpan answerWithin;
    readonly ILogger<RedisConnection> logger;
    readonly ConcurrentDictionary<string, Action<string>> listeners = new();
    readonly TaskCompletionSource firstLook = new(TaskCreationOptions.RunContinuationsAsynchronously);
    volatile ConnectionMultiplexer? connection;
    volatile bool isUp;
    int unanswered;

    public RedisConnection(IConfiguration configuration, ILogger<RedisConnection> logger)
    {
        options = RedisAddress.Parse(configuration["Redis:Address"] ?? "");
        answerWithin = configuration.GetValue("Redis:AnswerWithin", TimeSpan.FromMilliseconds(200));
        this.logger = logger;
    }

    /// <summary>Whether it answered when last looked at.</summary>
    public bool IsUp => isUp;

    /// <summary>Completes when it is known for the first time whether Redis is there.</summary>
    public Task FirstLook => firstLook.Task;

    /// <summary>Runs a Lua script, which Redis does as one step. Null when there was no answer in time: whether it had an effect is then unknown.</summary>
    /// <param name="key">The one key that the script reads and writes, <c>KEYS[1]</c>.</param>
    /// <param name="arguments">Strings and numbers, <c>ARGV</c>.</param>
    public Task<RedisResult?> RunAsync(string script, string key, params object[] arguments) =>
        AskAsync(database => database.ExecuteAsync("EVAL", [script, 1, key, .. arguments]));

    /// <summary>Tells everybody who hears this channel now. False when Redis was not reached.</summary>
    public async Task<bool> TellAsync(string channel, string message) =>
        await AskAsync(database => database.ExecuteAsync("PUBLISH", channel, message)) is not null;

    /// <summary>Hears a channel from now on, over losses of the connection; what was told meanwhile is lost. One listener a channel.</summary>
    public void Hear(string channel, Action<string> listener)
    {
        listeners[channel] = listener;
        if (connection is { } current) _ = SubscribeAsync(current, channel, listener);
    }

    async Task<RedisResult?> AskAsync(Func<IDatabase, Task<RedisResult>> ask)
    {
        if (!isUp || connection is not { } current) return null;
        try
        {
            var answer = await ask(current.GetDatabase()).WaitAsync(answerWithin);
            Volatile.Write(ref unanswered, 0);
            await Task.Yield();   // the client's one thread goes on reading answers
            return answer;
        }
        catch (TimeoutException exception)
        {
            if (Interlocked.Increment(ref unanswered) >= 3) Gone(exception.Message);   // once may have been a pause of this process
            return null;
        }
        catch (Exception exception) when (exception is RedisException or ObjectDisposedException or OperationCanceledException)
        {
            if (exception is not RedisServerException) Gone(exception.Message);
            else Log.Refused(logger, exception.Message);
            return null;
        }
    }

    public override async Task StartAsync(CancellationToken cancellationToken)
    {
        await LookAsync(0);
        firstLook.TrySetResult();
        await base.StartAsync(cancellationToken);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(lookEvery);
        for (var failedLooks = isUp ? 0 : 1; await timer.WaitForNextTickAsync(stoppingToken);) failedLooks = await LookAsync(failedLooks);
    }

    /// <summary>Whether it is there, and if it was not for some time, over a new connection. Returns how many looks in a row have failed.</summary>
    async Task<int> LookAsync(int failedLooks)
    {
        try
        {
            if (connection is null || failedLooks >= LooksBeforeNewConnection)
            {
                await ConnectAsync();
                failedLooks = 0;
            }
            await connection!.GetDatabase().PingAsync().WaitAsync(lookWithin);
            Back();
            return 0;
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException or AggregateException)
        {
            Gone(exception.Message);
            return failedLooks + 1;
        }
    }

    async Task ConnectAsync()
    {
        var before = connection;
        var connecting = ConnectionMultiplexer.ConnectAsync(options);
        try
        {
            connection = await connecting.WaitAsync(TimeSpan.FromSeconds(3));
        }
        catch (TimeoutException)
        {
            _ = connecting.ContinueWith(late => Close(late.Result), TaskContinuationOptions.OnlyOnRanToCompletion);
            throw;
        }
        foreach (var (channel, listener) in listeners) await SubscribeAsync(connection, channel, listener);
        Close(before);
    }

    async Task SubscribeAsync(ConnectionMultiplexer to, string channel, Action<string> listener)
    {
        try
        {
            await to.GetSubscriber().SubscribeAsync(channel, (_, message) =>
            {
                if (to == connection) listener((string?)message ?? "");
            }).WaitAsync(lookWithin);
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException or ObjectDisposedException or OperationCanceledException)
        {
            // The client keeps the wish, and subscribes when it is connected.
        }
    }

    /// <summary>Closing waits for the other side, which may be gone for good.</summary>
    static void Close(ConnectionMultiplexer? old)
    {
        if (old is not null) _ = Task.Run(() => old.Close(allowCommandsToComplete: false));
    }

    void Back()
    {
        Volatile.Write(ref unanswered, 0);
        if (isUp) return;
        isUp = true;
        Log.Back(logger);
    }

    void Gone(string reason)
    {
        if (!isUp) return;
        isUp = false;
        Log.Gone(logger, reason);
    }

    public override void Dispose()
    {
        Close(connection);
        base.Dispose();
    }

    static partial class Log
    {
        [LoggerMessage(80, LogLevel.Warning, "Redis does not answer; this instance goes on by itself: {Reason}")]
        public static partial void Gone(ILogger logger, string reason);

        [LoggerMessage(81, LogLevel.Information, "Redis answers")]
        public static partial void Back(ILogger logger);

        [LoggerMessage(82, LogLevel.Warning, "Redis refused a command: {Reason}")]
        public static partial void Refused(ILogger logger, string reason);
    }
}
