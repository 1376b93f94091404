using Rosa.Platform.Redis;

namespace Rosa.Gateway;

/// <summary>
/// The windows of all gateways together, in Redis: of each visitor how many requests passed in which second. One script decides and counts, so that two
/// gateways never let the same request through. A second counts until all of it is 60 seconds old, so a window is 60 to 61 seconds.
/// </summary>
sealed class SharedWindows(RedisConnection redis)
{
    /// <summary><c>ARGV</c>: how many are asked for, the limit. Answers how many are granted and, if none, after how many milliseconds the next one may be.</summary>
    const string Script =
        """
        local time = redis.call('time')
        local now = tonumber(time[1])
        local counts = redis.call('hgetall', KEYS[1])
        local sum, oldest = 0, now
        for i = 1, #counts, 2 do
          local second = tonumber(counts[i])
          if second <= now - 61 then
            redis.call('hdel', KEYS[1], counts[i])
          else
            sum = sum + tonumber(counts[i + 1])
            if second < oldest then oldest = second end
          end
        end
        local granted = math.min(tonumber(ARGV[1]), tonumber(ARGV[2]) - sum)
        if granted <= 0 then return {0, (oldest + 61 - now) * 1000 - math.floor(tonumber(time[2]) / 1000)} end
        redis.call('hincrby', KEYS[1], time[1], granted)
        redis.call('pexpire', KEYS[1], 62000)
        return {granted, 0}
        """;

    public bool IsUp => redis.IsUp;

    /// <summary>How many of the requests may pass, or how long none may. Null when Redis does not answer.</summary>
    public async ValueTask<(int Granted, TimeSpan Wait)?> TakeAsync(VisitorKey visitor, int requests, int limit)
    {
        if (await redis.RunAsync(Script, $"rosa:limit:{visitor}", requests, limit) is not { IsNull: false } answer) return null;
        var numbers = (long[])answer!;
        return ((int)numbers[0], TimeSpan.FromMilliseconds(numbers[1]));
    }
}
