using System.Globalization;

namespace Rosa.Platform.Grpc;

/// <summary>The <c>grpc-timeout</c> header: one to eight digits and a unit (grpc/doc/PROTOCOL-HTTP2.md, Timeout).</summary>
static class GrpcTimeout
{
    const long MostDigits = 99_999_999;

    /// <summary>Longest time that is counted. 99999999H is a valid header, and more than a timer or a date can hold.</summary>
    public static readonly TimeSpan Longest = TimeSpan.FromDays(24);

    static readonly (char Symbol, long Ticks)[] units =
    [
        ('u', TimeSpan.TicksPerMicrosecond), ('m', TimeSpan.TicksPerMillisecond), ('S', TimeSpan.TicksPerSecond),
        ('M', TimeSpan.TicksPerMinute), ('H', TimeSpan.TicksPerHour),
    ];

    /// <summary>The time as a header, in the finest unit it fits in, rounded up so that the server never gives up before the client.</summary>
    public static string Format(TimeSpan timeout)
    {
        var ticks = Math.Max(timeout.Ticks, 1);
        foreach (var (symbol, unit) in units)
        {
            var count = ticks / unit + (ticks % unit > 0 ? 1 : 0);
            if (count <= MostDigits) return string.Create(CultureInfo.InvariantCulture, $"{count}{symbol}");
        }

        return "99999999H";
    }

    public static bool TryParse(ReadOnlySpan<char> header, out TimeSpan timeout)
    {
        timeout = default;
        if (header.Length is < 2 or > 9) return false;

        // NumberStyles.None: digits only, no sign and no spaces.
        if (!long.TryParse(header[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var count)) return false;

        if (header[^1] == 'n')
        {
            timeout = TimeSpan.FromTicks(count / TimeSpan.NanosecondsPerTick);
            return true;
        }

        foreach (var (symbol, unit) in units)
        {
            if (symbol != header[^1]) continue;

            timeout = TimeSpan.FromTicks(Math.Min(count * unit, Longest.Ticks));
            return true;
        }

        return false;
    }
}
