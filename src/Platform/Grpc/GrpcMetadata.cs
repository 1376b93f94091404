using System.Buffers.Text;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Rosa.Platform.Grpc;

/// <summary>Headers a caller adds to a call. A name that ends in <c>-bin</c> carries bytes, as base64.</summary>
public static class GrpcMetadata
{
    static readonly HashSet<string> reserved = new(StringComparer.OrdinalIgnoreCase)
    {
        "te", "content-type", "content-length", "host", "connection", "keep-alive", "proxy-connection", "transfer-encoding", "upgrade",
    };

    /// <summary>An entry that carries bytes.</summary>
    /// <param name="name">Ends in <c>-bin</c>.</param>
    public static KeyValuePair<string, string> Binary(string name, ReadOnlySpan<byte> value) => name.EndsWith("-bin", StringComparison.OrdinalIgnoreCase)
        ? new(name, Convert.ToBase64String(value))
        : throw new ArgumentException("The name of binary metadata ends in -bin.", nameof(name));

    /// <summary>
    /// The values of a <c>-bin</c> header, with or without padding, one to a header or several joined by commas. A value that is not base64 is left out.
    /// </summary>
    public static IReadOnlyList<byte[]> ReadBinary(IHeaderDictionary headers, string name)
    {
        if (!headers.TryGetValue(name, out var found) || StringValues.IsNullOrEmpty(found)) return [];

        var values = new List<byte[]>();
        foreach (var header in found)
        {
            foreach (var part in (header ?? "").Split(','))
            {
                if (Decode(part.Trim()) is { } value) values.Add(value);
            }
        }

        return values;
    }

    /// <summary>Refuses what would break the call itself: the protocol's own headers and characters that HTTP/2 does not carry.</summary>
    internal static void Check(string name, string value)
    {
        if (name.StartsWith("grpc-", StringComparison.OrdinalIgnoreCase) || reserved.Contains(name))
        {
            throw new ArgumentException($"Metadata may not set '{name}', which belongs to the protocol.");
        }

        if (name.Length == 0 || !name.All(c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.'))
        {
            throw new ArgumentException($"'{name}' is not a metadata name: letters, digits, '-', '_' and '.' are.");
        }

        if (value.AsSpan().ContainsAnyExceptInRange(' ', '~'))
        {
            throw new ArgumentException($"The value of '{name}' is not printable ASCII; a name that ends in -bin carries other bytes.");
        }
    }

    static byte[]? Decode(string text)
    {
        var padded = (text.Length % 4) switch { 2 => text + "==", 3 => text + "=", _ => text };
        return Base64.IsValid(padded) ? Convert.FromBase64String(padded) : null;
    }
}
