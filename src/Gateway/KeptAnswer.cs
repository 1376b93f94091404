using Microsoft.Extensions.Primitives;

namespace Rosa.Gateway;

/// <summary>An answer as it goes out again and again: its headers are made once, its body is copied in one piece.</summary>
sealed class KeptAnswer
{
    static readonly StringValues oneSecondOld = "1";

    readonly int status;
    readonly KeyValuePair<string, StringValues>[] headers;
    readonly KeyValuePair<string, StringValues>[] headersWithoutContent;
    readonly string? tag;
    readonly Endpoint endpoint;

    /// <param name="askedAt">When the service was asked: no change after it is in the answer.</param>
    /// <param name="endpoint">The route, by which the answer is counted.</param>
    public KeptAnswer(HttpResponseMessage response, byte[] body, string service, Endpoint endpoint, long askedAt, TimeSpan freshFor)
    {
        status = (int)response.StatusCode;
        Body = body;
        Service = service;
        AskedAt = askedAt;
        FreshFor = freshFor;
        this.endpoint = endpoint;
        headers = [.. response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Where(header => Headers.ComesBack(header.Key) && !header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            .Select(header => KeyValuePair.Create(header.Key, new StringValues(header.Value.ToArray())))];
        headersWithoutContent = [.. headers.Where(header => !Headers.IsOfContent(header.Key))];
        tag = response.Headers.ETag?.ToString();
    }

    public byte[] Body { get; }

    public string Service { get; }

    public long AskedAt { get; }

    public TimeSpan FreshFor { get; }

    /// <summary>When it was last found, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long UsedAt { get; set; } = Environment.TickCount64;

    /// <summary>Bytes in memory, roughly.</summary>
    public long Size => Body.Length + 2048;

    public Task WriteAsync(HttpContext context, bool fromCache)
    {
        var response = context.Response;
        if (fromCache)
        {
            context.SetEndpoint(endpoint);
            response.Headers.Age = oneSecondOld;   // rounded up, so that a browser does not add its own second to ours
        }
        if (IsKnownTo(context.Request))
        {
            response.StatusCode = StatusCodes.Status304NotModified;
            foreach (var (name, value) in headersWithoutContent) response.Headers[name] = value;
            return Task.CompletedTask;
        }

        response.StatusCode = status;
        foreach (var (name, value) in headers) response.Headers[name] = value;
        response.ContentLength = Body.Length;
        var writing = response.BodyWriter.WriteAsync(Body, context.RequestAborted);
        return writing.IsCompletedSuccessfully ? Task.CompletedTask : writing.AsTask();
    }

    /// <summary>RFC 9110 §13.1.2: weak comparison with each tag that the caller names.</summary>
    bool IsKnownTo(HttpRequest request)
    {
        var asked = request.Headers.IfNoneMatch;
        if (asked.Count == 0 || tag is null || status != StatusCodes.Status200OK) return false;
        foreach (var line in asked)
        {
            if (line == tag || line == "*") return true;
            if (line is not null && line.Split(',', StringSplitOptions.TrimEntries).Any(named => Strong(named) == Strong(tag))) return true;
        }
        return false;
    }

    static string Strong(string tag) => tag.StartsWith("W/", StringComparison.Ordinal) ? tag[2..] : tag;
}
