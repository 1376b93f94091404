using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Rosa.Gateway;

/// <summary>What <c>Accept-Encoding</c> asks for (RFC 9110 §12.5.3), read without allocating.</summary>
static class Encodings
{
    public enum Encoding { Identity, Gzip, Brotli }

    /// <summary>The one with the greatest weight; of equals the smaller answer. An encoding that is not named counts as <c>*</c>, or is not wanted.</summary>
    public static Encoding Best(StringValues accepted)
    {
        double? brotli = null, gzip = null, identity = null, any = null;
        foreach (var line in accepted)
        {
            foreach (var range in line.AsSpan().Split(','))
            {
                var name = Name(line.AsSpan()[range], out var weight);
                if (Is(name, "br")) brotli = weight;
                else if (Is(name, "gzip") || Is(name, "x-gzip")) gzip = weight;
                else if (Is(name, "identity")) identity = weight;
                else if (name is "*") any = weight;
            }
        }

        var (b, g, plain) = (brotli ?? any ?? 0, gzip ?? any ?? 0, identity ?? 0);
        if (b > 0 && b >= g && b >= plain) return Encoding.Brotli;
        return g > 0 && g >= plain ? Encoding.Gzip : Encoding.Identity;
    }

    /// <summary><c>br;q=0.5</c>. A weight that is none counts as "not wanted".</summary>
    static ReadOnlySpan<char> Name(ReadOnlySpan<char> part, out double weight)
    {
        weight = 1;
        var semicolon = part.IndexOf(';');
        if (semicolon < 0) return part.Trim();
        var parameter = part[(semicolon + 1)..].Trim();
        weight = parameter.StartsWith("q=", StringComparison.OrdinalIgnoreCase)
            && double.TryParse(parameter[2..], NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out var q) && q is >= 0 and <= 1 ? q : 0;
        return part[..semicolon].Trim();
    }

    static bool Is(ReadOnlySpan<char> name, string encoding) => name.Equals(encoding, StringComparison.OrdinalIgnoreCase);
}
