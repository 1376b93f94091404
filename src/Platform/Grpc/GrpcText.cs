using System.Text;

namespace Rosa.Platform.Grpc;

/// <summary>The <c>grpc-message</c> trailer: UTF-8, percent-encoded (grpc/doc/PROTOCOL-HTTP2.md, Status-Message).</summary>
static class GrpcText
{
    public static string Encode(string text)
    {
        if (!text.AsSpan().ContainsAnyExceptInRange(' ', '~') && !text.Contains('%')) return text;

        var encoded = new StringBuilder(text.Length + 16);
        foreach (var b in Encoding.UTF8.GetBytes(text))
        {
            if (b is >= 0x20 and <= 0x7E and not (byte)'%') encoded.Append((char)b);
            else encoded.Append('%').Append(HexDigit(b >> 4)).Append(HexDigit(b & 15));
        }

        return encoded.ToString();
    }

    /// <summary>Never throws: an escape that is not one stays as it came, and bytes that are not UTF-8 become U+FFFD.</summary>
    public static string Decode(string text)
    {
        if (!text.Contains('%')) return text;

        var bytes = Encoding.UTF8.GetBytes(text);
        var length = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            if (bytes[i] == '%' && i + 2 < bytes.Length && char.IsAsciiHexDigit((char)bytes[i + 1]) && char.IsAsciiHexDigit((char)bytes[i + 2]))
            {
                bytes[length++] = Convert.FromHexString([(char)bytes[i + 1], (char)bytes[i + 2]])[0];
                i += 2;
            }
            else
            {
                bytes[length++] = bytes[i];
            }
        }

        return Encoding.UTF8.GetString(bytes, 0, length);
    }

    static char HexDigit(int value) => "0123456789ABCDEF"[value];
}
