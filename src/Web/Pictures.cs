using System.Collections.Concurrent;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Rosa.Platform.Problems;

namespace Rosa.Web;

/// <summary>
/// <c>GET /pictures/{pictureId}</c>: a product's picture from the catalog. One never changes under its id, so browsers keep it for a year and this
/// front as long as there is room.
/// </summary>
public sealed class Pictures(GatewayConnection gateway, WebOptions options, TimeProvider clock) : IDisposable
{
    const string Api = "/api/images/";
    const int LargestKept = 1_000_000;

    sealed class Kept(string type, byte[] content, long usedAt)
    {
        public readonly string Type = type;
        public readonly byte[] Content = content;
        public long UsedAt = usedAt;
    }

    readonly ConcurrentDictionary<Guid, Kept> kept = new();
    readonly SemaphoreSlim asking = new(16);
    long bytes;

    /// <summary>Where a browser gets a picture that the catalog names.</summary>
    public static string? Address(string? imageUrl) =>
        imageUrl is null ? null : imageUrl.StartsWith(Api, StringComparison.Ordinal) ? $"/pictures/{imageUrl[Api.Length..]}" : imageUrl;

    public static async Task<Results<FileContentHttpResult, StatusCodeHttpResult, ProblemHttpResult>> Handle(Guid pictureId, HttpContext context, Pictures use, CancellationToken cancellationToken)
    {
        var tag = $"\"{pictureId:n}\"";
        var known = context.Request.Headers.IfNoneMatch == tag;
        var picture = known ? null : await use.FindAsync(pictureId, cancellationToken);
        if (!known && picture is null) return Problem.NotFound("picture").ToResult();

        var headers = context.Response.Headers;
        headers.ETag = tag;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.ContentSecurityPolicy = "default-src 'none'; sandbox";   // a drawing opened on its own runs no script
        return picture is null ? TypedResults.StatusCode(StatusCodes.Status304NotModified) : TypedResults.Bytes(picture.Content, picture.Type);
    }

    async Task<Kept?> FindAsync(Guid pictureId, CancellationToken cancellationToken)
    {
        if (kept.TryGetValue(pictureId, out var known))
        {
            Volatile.Write(ref known.UsedAt, clock.GetTimestamp());
            return known;
        }
        await asking.WaitAsync(cancellationToken);
        try
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, $"{Api}{pictureId}");
            using var response = await gateway.SendAsync(request, TimeSpan.FromSeconds(10), cancellationToken);
            if (!response.IsSuccessStatusCode) return null;
            var content = await response.Content.ReadAsByteArrayAsync(cancellationToken);
            var picture = new Kept(response.Content.Headers.ContentType?.ToString() ?? "application/octet-stream", content, clock.GetTimestamp());
            if (content.Length <= LargestKept && kept.TryAdd(pictureId, picture) && Interlocked.Add(ref bytes, content.Length) > options.PicturesMegabytes * 1_000_000L) MakeRoom();
            return picture;
        }
        finally
        {
            asking.Release();
        }
    }

    /// <summary>Forgets the half that was not asked for the longest.</summary>
    void MakeRoom()
    {
        foreach (var (id, picture) in kept.OrderBy(picture => picture.Value.UsedAt).Take(kept.Count / 2 + 1).ToList())
        {
            if (kept.TryRemove(new(id, picture))) Interlocked.Add(ref bytes, -picture.Content.Length);
        }
    }

    public void Dispose() => asking.Dispose();
}
