using System.Text.Json;
using System.Text.RegularExpressions;

namespace Rosa.EndToEnd.Tests.BadInput;

/// <summary>What every refusal is, and what none may tell.</summary>
public static partial class Refusals
{
    /// <summary>What is wrong with an answer, or null.</summary>
    public static string? Fault(BadCall call, int status, string? mediaType, string body)
    {
        if (status >= 500) return "a failure";
        if (status < 400) return call.MustRefuse && status < 300 ? "taken" : null;
        if (call.What.EndsWith(BadCalls.UnknownMember, StringComparison.Ordinal) && status is 400 or 413 or 415) return "a fitting body is refused";
        if (status == 400 && mediaType is null && IsNoAddress(call)) return null;
        if (mediaType != "application/problem+json") return $"a refusal of type {mediaType ?? "none"}";
        if (Inside().Match(body) is { Success: true } leak) return $"a leak: {leak.Value}";
        try
        {
            using var problem = JsonDocument.Parse(body);
            var root = problem.RootElement;
            if (root.GetProperty("status").GetInt32() != status) return "a problem with another status";
            if (!Code().IsMatch(root.GetProperty("code").GetString()!)) return "a problem without a code";
            return root.GetProperty("traceId").GetString() is { Length: > 0 } && root.GetProperty("title").GetString() is { Length: > 0 } ? null : "a problem without a traceId or a title";
        }
        catch (Exception exception) when (exception is JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return "no problem details";
        }
    }

    /// <summary>Kestrel refuses U+0000 in a path by itself, with nothing but the status.</summary>
    static bool IsNoAddress(BadCall call) => call.PathAndQuery.Split('?')[0].Contains("%00", StringComparison.Ordinal);

    /// <summary>Words of the inside: traces, types, SQL, files, connections.</summary>
    [GeneratedRegex(@"\bat \w+\.\w+|System\.|Rosa\.[A-Z]|Npgsql|Microsoft\.|Exception|\bselect\b.+\bfrom\b|\binsert into\b|\bupdate \w+ set\b|SqlState|violates|relation ""|\.cs\b|/(tmp|work|home|usr|var)/|Host=|Password=|127\.0\.0\.1|localhost|`1", RegexOptions.IgnoreCase)]
    private static partial Regex Inside();

    [GeneratedRegex("^[A-Z][A-Z0-9_]+$")]
    private static partial Regex Code();
}
