using Microsoft.AspNetCore.Http.HttpResults;
using Npgsql;
using Rosa.Platform.Problems;

namespace Rosa.Catalog;

/// <summary><c>GET /api/images/{imageId}</c>: a stored picture. One never changes under its id, so it is kept for a year.</summary>
static class GetImage
{
    public static async Task<Results<FileContentHttpResult, StatusCodeHttpResult, ProblemHttpResult>> Handle(
        Guid imageId, HttpContext http, NpgsqlDataSource source, CancellationToken cancellationToken)
    {
        var tag = $"\"{imageId:n}\"";
        var known = EntityTag.Names(http.Request.Headers.IfNoneMatch, tag);

        // Who has it already is not sent the bytes, and the database does not read them.
        await using var command = source.CreateCommand("select content_type, case when not $2 then content end from product_images where image_id = $1");
        command.Parameters.Add(new NpgsqlParameter<Guid> { TypedValue = imageId });
        command.Parameters.Add(new NpgsqlParameter<bool> { TypedValue = known });
        await using var row = await command.ExecuteReaderAsync(cancellationToken);
        if (!await row.ReadAsync(cancellationToken)) return Problem.NotFound("image").ToResult();

        var headers = http.Response.Headers;
        headers.ETag = tag;
        headers.CacheControl = "public, max-age=31536000, immutable";
        headers.XContentTypeOptions = "nosniff";
        headers.ContentSecurityPolicy = "default-src 'none'; style-src 'unsafe-inline'; sandbox";   // an SVG opened on its own runs no script
        headers["Cross-Origin-Resource-Policy"] = "cross-origin";
        if (known) return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        return TypedResults.Bytes(row.GetFieldValue<byte[]>(1), row.GetString(0));
    }
}
