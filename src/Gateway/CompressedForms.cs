using System.IO.Compression;
using Microsoft.Extensions.Primitives;

namespace Rosa.Gateway;

/// <param name="Encoding">As <c>Content-Encoding</c> names it.</param>
sealed record CompressedForm(StringValues Encoding, byte[] Body);

/// <summary>
/// The compressed forms of a body that goes out again and again, each made once, when the first asks for it. Only of answers that are the same for everybody:
/// how long a compressed answer is tells of what it holds, and one that mixes a secret with words of an attacker's gives it away (BREACH).
/// </summary>
sealed class CompressedForms(byte[] body)
{
    /// <summary>Shorter bodies fit into a packet as they are.</summary>
    const int Shortest = 1024;
    const int BrotliQuality = 5;
    const int BrotliWindow = 22;

    readonly Lazy<CompressedForm?> brotli = new(() => Shorter("br", body, Brotli(body)));
    readonly Lazy<CompressedForm?> gzip = new(() => Shorter("gzip", body, Gzip(body)));

    /// <summary>Null for what is not worth it: pictures, and what is short or compressed already.</summary>
    public static CompressedForms? Of(byte[] body, string? mediaType) => body.Length >= Shortest && IsText(mediaType) ? new(body) : null;

    /// <summary>The form that the caller likes best, or null for the body as it is.</summary>
    public CompressedForm? For(StringValues accepted) => accepted.Count == 0 ? null : Encodings.Best(accepted) switch
    {
        Encodings.Encoding.Brotli => brotli.Value,
        Encodings.Encoding.Gzip => gzip.Value,
        _ => null,
    };

    static bool IsText(string? mediaType) =>
        mediaType is not null && (mediaType.StartsWith("text/", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("json", StringComparison.OrdinalIgnoreCase) || mediaType.EndsWith("xml", StringComparison.OrdinalIgnoreCase));

    static CompressedForm? Shorter(string encoding, byte[] body, byte[] compressed) => compressed.Length < body.Length ? new(encoding, compressed) : null;

    static byte[] Brotli(byte[] body)
    {
        var compressed = new byte[BrotliEncoder.GetMaxCompressedLength(body.Length)];
        return BrotliEncoder.TryCompress(body, compressed, out var length, BrotliQuality, BrotliWindow) ? compressed[..length] : body;
    }

    static byte[] Gzip(byte[] body)
    {
        using var compressed = new MemoryStream(body.Length / 2);
        using (var stream = new GZipStream(compressed, CompressionLevel.Optimal, leaveOpen: true)) stream.Write(body);
        return compressed.ToArray();
    }
}
