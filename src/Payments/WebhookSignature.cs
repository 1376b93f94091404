using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Rosa.Payments;

/// <summary>
/// Whether a webhook comes from who shares the secret, and was signed a moment ago:
/// <c>Webhook-Signature: t=&lt;unix seconds&gt;,v1=&lt;hex HMAC-SHA256 of "t.body"&gt;</c>.
/// </summary>
/// <remarks>Several <c>v1</c> may stand there: a provider that changes its secret signs with the old and the new one for a while.</remarks>
static class WebhookSignature
{
    public const string Header = "Webhook-Signature";

    /// <summary>How far the provider's clock and ours may be apart, either way.</summary>
    public static readonly TimeSpan Tolerance = TimeSpan.FromMinutes(5);

    const int LongestHeader = 1_000;

    public static bool Holds(string? header, ReadOnlySpan<byte> body, byte[] secret, DateTimeOffset now)
    {
        if (header is not { Length: > 0 and <= LongestHeader } || TimeIn(header) is not { } time) return false;
        if (!long.TryParse(time, NumberStyles.None, CultureInfo.InvariantCulture, out var signedAt)) return false;
        if (Math.Abs(now.ToUnixTimeSeconds() - signedAt) > Tolerance.TotalSeconds) return false;

        using var hash = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, secret);
        hash.AppendData(Encoding.ASCII.GetBytes(time + "."));
        hash.AppendData(body);
        Span<byte> expected = stackalloc byte[SHA256.HashSizeInBytes];
        hash.GetHashAndReset(expected);
        return IsAmong(header, expected);
    }

    /// <summary>The one time that the header names, or null.</summary>
    static string? TimeIn(string header)
    {
        string? time = null;
        foreach (var part in header.AsSpan().Split(','))
        {
            var value = header.AsSpan()[part].Trim();
            if (!value.StartsWith("t=", StringComparison.Ordinal)) continue;
            if (time is not null) return null;
            time = value[2..].ToString();
        }
        return time;
    }

    /// <summary>Compares all signatures, each in constant time.</summary>
    static bool IsAmong(string header, ReadOnlySpan<byte> expected)
    {
        var found = false;
        Span<byte> given = stackalloc byte[SHA256.HashSizeInBytes];
        foreach (var part in header.AsSpan().Split(','))
        {
            var value = header.AsSpan()[part].Trim();
            if (!value.StartsWith("v1=", StringComparison.Ordinal) || value.Length != 3 + (2 * SHA256.HashSizeInBytes)) continue;
            if (Convert.FromHexString(value[3..], given, out _, out _) != System.Buffers.OperationStatus.Done) continue;
            found |= CryptographicOperations.FixedTimeEquals(given, expected);
        }
        return found;
    }
}
