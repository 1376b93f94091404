using System.Buffers;
using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.ObjectPool;

namespace Rosa.Catalog;

/// <summary>
/// An answer written straight from the database's rows: bytes in a buffer that is used again. Its <c>ETag</c> is the content's own
/// hash, so that whatever changes what a reader sees changes it, on every instance alike.
/// </summary>
sealed class JsonAnswer : IDisposable, IResettable
{
    const int KeptAtMost = 256 * 1024;

    static readonly ObjectPool<JsonAnswer> pool = new DefaultObjectPoolProvider { MaximumRetained = 64 }.Create(new DefaultPooledObjectPolicy<JsonAnswer>());

    readonly ArrayBufferWriter<byte> buffer = new(8 * 1024);

    public JsonAnswer() => Writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true });

    public Utf8JsonWriter Writer { get; }

    public static JsonAnswer Start() => pool.Get();

    /// <summary>Sends what was written, or 304 when the reader has it already.</summary>
    /// <param name="version">The content's version, put before the hash where <c>If-Match</c> will compare it.</param>
    public Task SendAsync(HttpContext http, string language, int? version = null)
    {
        Writer.Flush();
        var tag = Tag(buffer.WrittenSpan, version);
        var response = http.Response;
        response.Headers.ETag = tag;
        response.Headers.CacheControl = "public, max-age=1, must-revalidate";
        response.Headers.Vary = "Accept-Language";
        response.Headers.ContentLanguage = language;
        if (EntityTag.Names(http.Request.Headers.IfNoneMatch, tag) && response.StatusCode == StatusCodes.Status200OK)
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            return Task.CompletedTask;
        }

        response.ContentType = "application/json; charset=utf-8";
        response.ContentLength = buffer.WrittenCount;
        return response.BodyWriter.WriteAsync(buffer.WrittenMemory, http.RequestAborted).AsTask();
    }

    static string Tag(ReadOnlySpan<byte> content, int? version)
    {
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(content, hash);
        var text = Base64Url.EncodeToString(hash[..12]);
        return version is null ? $"\"{text}\"" : $"\"{version}-{text}\"";
    }

    public bool TryReset()
    {
        if (buffer.Capacity > KeptAtMost) return false;
        buffer.ResetWrittenCount();
        Writer.Reset();
        return true;
    }

    public void Dispose() => pool.Return(this);
}
