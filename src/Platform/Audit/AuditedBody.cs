using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;

namespace Rosa.Platform.Audit;

/// <summary>What an employee sent, as far as it is kept: JSON of a bounded length, without secrets.</summary>
static class AuditedBody
{
    const int LongestRead = 64 * 1024;
    const int LongestKept = 4_000;

    static readonly string[] secrets = ["password", "token", "secret", "card"];
    static readonly JsonSerializerOptions readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Null when there is no JSON to keep. The body can be read again afterwards.</summary>
    public static async Task<string?> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        if (!request.HasJsonContentType() || request.ContentLength > LongestRead) return null;
        request.EnableBuffering(LongestRead);
        try
        {
            var start = new byte[LongestRead + 1];
            var length = await request.Body.ReadAtLeastAsync(start, start.Length, throwOnEndOfStream: false, cancellationToken);
            if (length is 0 or > LongestRead) return null;
            var body = JsonNode.Parse(start.AsSpan(0, length));
            if (body is null) return null;
            Mask(body);
            var kept = body.ToJsonString(readable);
            return kept.Length <= LongestKept ? kept : Beginning(kept) + "…";
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException or InvalidOperationException)
        {
            return null;   // no JSON, a member twice, or a text that is none: the endpoint says what is wrong with it
        }
        finally
        {
            request.Body.Position = 0;
        }
    }

    /// <summary>Cut between two characters: PostgreSQL takes no half of one.</summary>
    static string Beginning(string text) => char.IsHighSurrogate(text[LongestKept - 1]) ? text[..(LongestKept - 1)] : text[..LongestKept];

    static void Mask(JsonNode node)
    {
        if (node is JsonArray items)
        {
            foreach (var item in items) if (item is not null) Mask(item);
        }
        if (node is not JsonObject members) return;
        foreach (var (name, value) in members.ToList())
        {
            if (secrets.Any(secret => name.Contains(secret, StringComparison.OrdinalIgnoreCase))) members[name] = "***";
            else if (value is not null) Mask(value);
        }
    }
}
