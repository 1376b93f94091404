using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace Rosa.Gateway;

/// <summary>
/// A true sliding window for each visitor: of the requests let through, never more than the limit lie within any 60 seconds. A
/// refused request does not count. An IPv6 visitor is a /64, which is what one household has.
/// </summary>
sealed class RateLimit(GatewayOptions options, TimeProvider clock)
{
    const int MostVisitors = 50_000;
    static readonly TimeSpan span = TimeSpan.FromMinutes(1);

    readonly record struct Key(ulong Network, ulong Host);

    readonly ConcurrentDictionary<Key, Window> windows = new();
    readonly long spanTicks = (long)(span.TotalSeconds * clock.TimestampFrequency);
    int visitors;
    long sweptAt = clock.GetTimestamp();

    /// <summary>Null when the request may pass; else how long until the next one may.</summary>
    public TimeSpan? Take(IPAddress address)
    {
        if (options.RateLimitPerMinute == 0) return null;
        var now = clock.GetTimestamp();
        ForgetIdle(now);
        var key = KeyOf(address);
        while (true)
        {
            if (!windows.TryGetValue(key, out var window)) window = Add(key);
            if (window.Take(now, spanTicks, options.RateLimitPerMinute) is { } waitTicks)
                return waitTicks == 0 ? null : new TimeSpan((long)Math.Ceiling(waitTicks * ((double)TimeSpan.TicksPerSecond / clock.TimestampFrequency)));
        }
    }

    /// <summary>How many visitors are remembered.</summary>
    internal int Visitors => Volatile.Read(ref visitors);

    Window Add(Key key)
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

    void Remove(Key key)
    {
        if (windows.TryRemove(key, out _)) Interlocked.Decrement(ref visitors);
    }

    static Key KeyOf(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? new Key(BinaryPrimitives.ReadUInt64BigEndian(bytes), ulong.MaxValue)
            : new Key(0, BinaryPrimitives.ReadUInt32BigEndian(bytes));
    }

    /// <summary>When the last requests passed, oldest first, in a ring that grows to the limit.</summary>
    sealed class Window
    {
        long[] passedAt = new long[4];
        int oldest;
        int count;
        bool forgotten;

        /// <summary>0 when the request passes, else the wait; null when this window is no longer the visitor's.</summary>
        public long? Take(long now, long span, int limit)
        {
            lock (this)
            {
                if (forgotten) return null;
                while (count > 0 && now - passedAt[oldest] >= span)
                {
                    oldest = (oldest + 1) % passedAt.Length;
                    count--;
                }
                if (count >= limit) return passedAt[oldest] + span - now;
                if (count == passedAt.Length) Grow(limit);
                passedAt[(oldest + count++) % passedAt.Length] = now;
                return 0;
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

        void Grow(int limit)
        {
            var larger = new long[Math.Min(limit, passedAt.Length * 2)];
            for (var i = 0; i < count; i++) larger[i] = passedAt[(oldest + i) % passedAt.Length];
            (passedAt, oldest) = (larger, 0);
        }
    }
}
