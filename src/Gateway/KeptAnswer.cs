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
    readonly StringValues weakTag;
    readonly CompressedForms? compressed;
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
        compressed = status == StatusCodes.Status200OK && response.Content.Headers.ContentEncoding.Count == 0
            ? CompressedForms.Of(body, response.Content.Headers.ContentType?.MediaType) : null;
        headers = [.. response.Headers.NonValidated.Concat(response.Content.Headers.NonValidated)
            .Where(header => Headers.ComesBack(header.Key) && !header.Key.Equals("Content-Length", StringComparison.OrdinalIgnoreCase))
            .Select(header => KeyValuePair.Create(header.Key, new StringValues(header.Value.ToArray())))];
        if (compressed is not null) headers = [.. headers.Where(header => !IsVary(header.Key)), KeyValuePair.Create("Vary", Varying(headers))];
        headersWithoutContent = [.. headers.Where(header => !Headers.IsOfContent(header.Key))];
        tag = response.Headers.ETag?.ToString();
        weakTag = tag is null ? default : "W/" + Strong(tag);
    }

    /// <summary>The service's own, and the encoding: also on the answer as it is, which another cache may keep.</summary>
    static StringValues Varying(KeyValuePair<string, StringValues>[] headers) =>
        string.Join(", ", headers.Where(header => IsVary(header.Key)).SelectMany(header => header.Value.OfType<string>()).Append("Accept-Encoding"));

    static bool IsVary(string name) => name.Equals("Vary", StringComparison.OrdinalIgnoreCase);

    public byte[] Body { get; }

    public string Service { get; }

    public long AskedAt { get; }

    public TimeSpan FreshFor { get; }

    /// <summary>When it was last found, in milliseconds of <see cref="Environment.TickCount64"/>.</summary>
    public long UsedAt { get; set; } = Environment.TickCount64;

    /// <summary>Bytes in memory, roughly: compressed forms that may be made are counted from the start.</summary>
    public long Size => Body.Length + (compressed is null ? 0 : Body.Length / 2) + 2048;

    public Task WriteAsync(HttpContext context, bool fromCache)
    {
        var response = context.Response;
        if (fromCache)
        {
            context.SetEndpoint(endpoint);
            response.Headers.Age = oneSecondOld;   // rounded up, so that a browser does not add its own second to ours
        }
        var form = compressed?.For(context.Request.Headers.AcceptEncoding);
        var known = IsKnownTo(context.Request);
        response.StatusCode = known ? StatusCodes.Status304NotModified : status;
        foreach (var (name, value) in known ? headersWithoutContent : headers) response.Headers[name] = value;
        if (form is not null && tag is not null) response.Headers.ETag = weakTag;   // a strong tag is of the very bytes
        if (known) return Task.CompletedTask;

        if (form is not null) response.Headers.ContentEncoding = form.Encoding;
        var body = form?.Body ?? Body;
        response.ContentLength = body.Length;
        if (HttpMethods.IsHead(context.Request.Method)) return Task.CompletedTask;
        var writing = response.BodyWriter.WriteAsync(body, context.RequestAborted);
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
