using System.Globalization;
using Microsoft.Extensions.Primitives;

namespace Rosa.Catalog;

/// <summary><c>If-None-Match</c> and <c>If-Match</c> (RFC 9110 §13.1).</summary>
static class EntityTag
{
    /// <summary>Whether the header names this tag, or any.</summary>
    public static bool Names(StringValues header, string tag)
    {
        foreach (var line in header)
        {
            if (line is null) continue;
            if (line == tag) return true;
            foreach (var entry in line.Split(',', StringSplitOptions.TrimEntries))
            {
                if (entry == "*" || entry == tag || (entry.StartsWith("W/", StringComparison.Ordinal) && entry[2..] == tag)) return true;
            }
        }
        return false;
    }

    /// <summary>
    /// The content versions that <c>If-Match</c> allows a product to have: null for any. A product's tag begins with its version, so stock
    /// that was sold since it was read is no conflict.
    /// </summary>
    public static int[]? Versions(HttpRequest request)
    {
        var header = request.Headers.IfMatch;
        if (header.Count == 0) return null;
        var versions = new List<int>();
        foreach (var entry in header.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries)))
        {
            if (entry == "*") return null;
            var tag = entry.StartsWith("W/", StringComparison.Ordinal) ? entry[2..] : entry;
            if (int.TryParse(tag.Trim('"').Split('-')[0], NumberStyles.None, CultureInfo.InvariantCulture, out var version)) versions.Add(version);
        }
        return [.. versions];
    }
}
