using System.Text.Json;

namespace Rosa.Cli.Load;

/// <summary>An answer as it went over the wire, to be given again by a server that knows nothing else.</summary>
sealed record BareAnswer(Dictionary<string, string> Headers, byte[] Body)
{
    // Kestrel writes these itself.
    static readonly HashSet<string> byTheServer = new(StringComparer.OrdinalIgnoreCase) { "Date", "Content-Length", "Transfer-Encoding", "Connection" };

    public static async Task<BareAnswer> OfAsync(HttpResponseMessage answer, CancellationToken cancellationToken) => new(
        answer.Headers.Concat(answer.Content.Headers).Where(header => !byTheServer.Contains(header.Key)).ToDictionary(header => header.Key, header => string.Join(", ", header.Value)),
        await answer.Content.ReadAsByteArrayAsync(cancellationToken));

    public Task SaveAsync(string file, CancellationToken cancellationToken) => File.WriteAllBytesAsync(file, JsonSerializer.SerializeToUtf8Bytes(this), cancellationToken);

    public static BareAnswer Load(string file) => JsonSerializer.Deserialize<BareAnswer>(File.ReadAllBytes(file))!;
}
