using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <summary><c>GET /api/images/{imageId}</c>: a picture. One never changes under its id, so it is kept for a year.</summary>
static class GetImage
{
    sealed record Found(string ContentType, byte[]? Drawn, string? StoredAs);

    public static async Task<Results<FileContentHttpResult, FileStreamHttpResult, StatusCodeHttpResult, ProblemHttpResult>> Handle(
        Guid imageId, HttpContext http, NpgsqlDataSource source, IImageStore store, CancellationToken cancellationToken)
    {
        var tag = $"\"{imageId:n}\"";
        var known = EntityTag.Names(http.Request.Headers.IfNoneMatch, tag);
        if (await FindAsync(imageId, known, source, cancellationToken) is not { } image) return Problem.NotFound("image").ToResult();
        var stored = !known && image.StoredAs is { } name ? await store.OpenAsync(name, cancellationToken) : null;
        if (!known && image.Drawn is null && stored is null) return Problem.NotFound("image").ToResult();

        var headers = http.Response.Headers;
        headers.ETag = tag;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";   // an SVG opened on its own runs no script
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (known) return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return stored is null ? TypedResults.Bytes(image.Drawn!, image.ContentType) : TypedResults.Stream(stored, image.ContentType);
    }

    // Who has it already is not sent the bytes, and the database does not read them. The connection is given back before a slow reader is served.
    static async Task<Found?> FindAsync(Guid imageId, bool known, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand("select content_type, case when not $2 then content end, stored_as from product_images where image_id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = imageId });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = known });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) return null;
        return new Found(row.GetString(0), row.IsDBNull(1) ? null : row.GetFieldValue<byte[]>(1), row.IsDBNull(2) ? null : row.GetString(2));
    }
}
