using System.Collections.Concurrent;
using System.Net;

namespace Rosa.Gateway;

/// <summary>
/// A true sliding window for each visitor: of the requests let through, never more than the limit lie within any 60 seconds. A
/// refused request does not count.
/// </summary>
/// <remarks>
/// With Redis the limit is one for all gateways (<see cref="SharedWindows"/>): a request that may pass here is asked for there, and of a visitor who comes
/// fast some more at once. Who is refused there is refused here without asking, until the time that was named. While Redis is gone, each gateway counts
/// what passes through itself.
/// </remarks>
sealed class RateLimit(GatewayOptions options, TimeProvider clock, SharedWindows? shared = null)
{
    const int MostVisitors = 50_000;
    static readonly TimeSpan span = TimeSpan.FromMinutes(1);

    readonly ConcurrentDictionary<VisitorKey, Window> windows = new();
    readonly long spanTicks = (long)(span.TotalSeconds * clock.TimestampFrequency);
    readonly int mostAtOnce = Math.Max(1, options.RateLimitPerMinute / 100);   // what is granted and not used is lost to the visitor
    int visitors;
    long sweptAt = clock.GetTimestamp();

    /// <summary>Null when the request may pass; else how long until the next one may. Waits only when the other gateways must be asked.</summary>
    public ValueTask<TimeSpan?> TakeAsync(IPAddress address)
    {
        if (options.RateLimitPerMinute == 0) return default;
        if (shared is not { IsUp: true }) return new(Take(address));
        var key = VisitorKey.Of(address);
        var turn = Take(key, fromAll: true);
        return turn.AskFor > 0 ? AskAsync(key, turn.AskFor) : new(turn.Wait);
    }

    /// <summary>The same, as this gateway alone would have it.</summary>
    public TimeSpan? Take(IPAddress address) => options.RateLimitPerMinute == 0 ? null : Take(VisitorKey.Of(address), fromAll: false).Wait;

    /// <summary>How many visitors are remembered.</summary>
    internal int Visitors => Volatile.Read(ref visitors);

    async ValueTask<TimeSpan?> AskAsync(VisitorKey key, int askFor)
    {
        while (true)
        {
            var answer = await shared!.TakeAsync(key, askFor, options.RateLimitPerMinute);
            var (granted, wait) = answer ?? default;
            WindowOf(key).Hear(granted, clock.GetTimestamp(), (long)(wait.TotalSeconds * clock.TimestampFrequency));
            if (answer is null) return Take(key, fromAll: false).Wait;
            var turn = Take(key, fromAll: true);
            if (turn.AskFor == 0) return turn.Wait;   // else others of this visitor took what was granted
            askFor = turn.AskFor;
        }
    }

    Turn Take(VisitorKey key, bool fromAll)
    {
        var now = clock.GetTimestamp();
        ForgetIdle(now);
        while (true)
        {
            if (WindowOf(key).Take(now, spanTicks, clock.TimestampFrequency, options.RateLimitPerMinute, fromAll ? mostAtOnce : 0) is { } taken)
                return new Turn(taken.AskFor, taken.WaitTicks == 0 ? null : new TimeSpan((long)Math.Ceiling(taken.WaitTicks * ((double)TimeSpan.TicksPerSecond / clock.TimestampFrequency))));
        }
    }

    /// <param name="AskFor">So many requests must be asked for of all gateways first; else 0.</param>
    /// <param name="Wait">Null when the request passes.</param>
    readonly record struct Turn(int AskFor, TimeSpan? Wait);

    Window WindowOf(VisitorKey key) => windows.TryGetValue(key, out var window) ? window : Add(key);

    Window Add(VisitorKey key)
    {
        if (Volatile.Read(ref visitors) >= MostVisitors) ForgetSome();
        var window = new Window();
        if (windows.TryAdd(key, window)) Interlocked.Increment(ref visitors);
        return windows.GetOrAdd(key, window);
    }

    /// <summary>Every few seconds, those who have not come for a minute.</summary>
    void ForgetIdle(long now)
    {
        var last = Volatile.Read(ref sweptAt);
        if (now - last < spanTicks / 12 || Interlocked.CompareExchange(ref sweptAt, now, last) != last) return;
        foreach (var (key, window) in windows)
        {
            if (window.TryForget(now - spanTicks)) Remove(key);
        }
    }

    /// <summary>An attack from more addresses than can be remembered: some begin anew.</summary>
    void ForgetSome()
    {
        var spare = MostVisitors / 10;
        foreach (var (key, window) in windows)
        {
            if (spare-- == 0) return;
            window.TryForget(long.MaxValue);
            Remove(key);
        }
    }

    void Remove(VisitorKey key)
    {
        if (windows.TryRemove(key, out _)) Interlocked.Decrement(ref visitors);
    }

    /// <summary>When the last requests passed, oldest first, in a ring that grows to the limit; and what all gateways have granted to this one.</summary>
    sealed class Window
    {
        long[] passedAt = new long[4];
        int oldest;
        int count;
        bool forgotten;

        int granted;
        long grantedAt;
        long refusedUntil;
        bool isAskingForMore;

        /// <summary>The wait, 0 when the request passes; or how many to ask for. Null when this window is no longer the visitor's.</summary>
        /// <param name="mostAtOnce">How many may be asked for at once; 0 when nobody is asked.</param>
        public (int AskFor, long WaitTicks)? Take(long now, long span, long second, int limit, int mostAtOnce)
        {
            lock (this)
            {
                if (forgotten) return null;
                while (count > 0 && now - passedAt[oldest] >= span)
                {
                    oldest = (oldest + 1) % passedAt.Length;
                    count--;
                }
                if (count >= limit) return (0, passedAt[oldest] + span - now);
                if (mostAtOnce > 0)
                {
                    if (now < refusedUntil) return (0, refusedUntil - now);
                    if (now - grantedAt > second) granted = 0;
                    if (granted == 0) return (AskFor(now - second, mostAtOnce), 0);
                    granted--;
                }
                if (count == passedAt.Length) Grow(limit);
                passedAt[(oldest + count++) % passedAt.Length] = now;
                return (0, 0);
            }
        }

        /// <summary>What the others said. A grant is of use for a second, so that it counts where it lies in the shared window.</summary>
        public void Hear(int newlyGranted, long now, long waitTicks)
        {
            lock (this)
            {
                isAskingForMore = false;
                if (newlyGranted == 0) refusedUntil = now + waitTicks;
                else (granted, grantedAt) = (granted + newlyGranted, now);
            }
        }

        public bool TryForget(long quietSince)
        {
            lock (this)
            {
                if (count > 0 && passedAt[(oldest + count - 1) % passedAt.Length] > quietSince) return false;
                return forgotten = true;
            }
        }

        /// <summary>A tenth of what came in the last second: somebody who goes on like that uses it up at once.</summary>
        int AskFor(long aSecondAgo, int mostAtOnce)
        {
            if (isAskingForMore) return 1;
            var recent = 0;
            while (recent < count && recent < mostAtOnce * 10 && passedAt[(oldest + count - 1 - recent) % passedAt.Length] > aSecondAgo) recent++;
            isAskingForMore = recent / 10 > 1;
            return Math.Max(1, recent / 10);
        }

        void Grow(int limit)
        {
            var larger = new long[Math.Min(limit, passedAt.Length * 2)];
            for (var i = 0; i < count; i++) larger[i] = passedAt[(oldest + i) % passedAt.Length];
            (passedAt, oldest) = (larger, 0);
        }
    }
}
