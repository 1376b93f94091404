using System.Net;
using Microsoft.AspNetCore.Http.Features;
using Rosa.Platform.Hosting;
using Rosa.Platform.Problems;

namespace Rosa.Gateway;

/// <summary>Passes a request on to the service of its route, and the answer back, both as they stream in.</summary>
sealed partial class Forwarder(Upstream upstream, BadTokens badTokens, ResponseCache cache, ILogger<Forwarder> logger)
{
    const int MostKept = 64 * 1024;

    public async Task ForwardAsync(HttpContext context, Route route)
    {
        var exchange = Exchange.Of(context);
        exchange.Service = route.Service;
        if (await badTokens.CheckAsync(context, route) is { } refused)
        {
            context.Response.Headers.WWWAuthenticate = "Bearer error=\"invalid_token\"";
            await ProblemMiddleware.WriteAsync(context, refused.ToDetails());
            return;
        }
        if (IsTooLarge(context, route))
        {
            await ProblemMiddleware.WriteAsync(context, new Problem(ProblemKind.TooLarge, "TOO_LARGE", $"This route takes at most {route.LargestBody} bytes.").ToDetails());
            return;
        }

        var hasBody = HasBody(context);
        var keptBody = await KeepBodyAsync(context, route);
        RequestBody? body = null;
        using var response = await upstream.SendAsync(
            route.Service, Target(context),
            address => body is { Started: true } ? null : Request(context, exchange, address,
                keptBody is not null ? new ByteArrayContent(keptBody) : hasBody ? body = new RequestBody(context.Request) : null),
            context.RequestAborted, safeToRepeat: keptBody is not null);
        if (route is { Service: "catalog", OnlyAsks: false } && response.IsSuccessStatusCode && IsWrite(context.Request.Method)) await cache.ForgetAsync();
        await CopyAsync(context, exchange, response);
    }

    /// <summary>Also an empty one that says its type: the service answers what is wrong with it.</summary>
    static bool HasBody(HttpContext context) =>
        context.Request.Headers.ContentType.Count > 0 || context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true };

    public static string Target(HttpContext context) => context.Request.Path.ToUriComponent() + context.Request.QueryString.Value;

    /// <summary>The body of what another instance may be asked too: it is kept for when that comes to pass. Null for all others.</summary>
    static async Task<byte[]?> KeepBodyAsync(HttpContext context, Route route)
    {
        if (!HasBody(context) || !IsSafeToRepeat(context.Request, route)) return null;
        if (context.Request.ContentLength is { } length)
        {
            if (length > MostKept) return null;
            var body = new byte[length];
            await context.Request.Body.ReadExactlyAsync(body, context.RequestAborted);
            return body;
        }
        // In chunks, as many clients send JSON: its length is known at its end, and the route's limit holds.
        if (route.LargestBody > Route.OrdinaryBody) return null;
        using var whole = new MemoryStream();
        await context.Request.Body.CopyToAsync(whole, context.RequestAborted);
        return whole.ToArray();
    }

    /// <summary>Done twice it has the effect of once. A PUT says what shall be; one under a condition would find that its own first try has changed it.</summary>
    static bool IsSafeToRepeat(HttpRequest request, Route route) =>
        route.OnlyAsks || (route.TakesKey && request.Headers.ContainsKey("Idempotency-Key")) || (HttpMethods.IsPut(request.Method) && request.Headers.IfMatch.Count == 0);

    static bool IsWrite(string method) => !HttpMethods.IsGet(method) && !HttpMethods.IsHead(method);

    static bool IsTooLarge(HttpContext context, Route route)
    {
        if (context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = route.LargestBody;
        return context.Request.ContentLength > route.LargestBody;
    }

    static HttpRequestMessage Request(HttpContext context, Exchange exchange, Uri address, HttpContent? body)
    {
        var request = context.Request;
        var message = new HttpRequestMessage(HttpMethod.Parse(request.Method), address) { Version = HttpVersion.Version11, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = body };
        var connection = request.Headers.Connection.Count == 0 ? null : request.Headers.Connection.ToString();
        foreach (var (name, values) in request.Headers)
        {
            if (!Headers.GoesOn(name, connection)) continue;
            if (Headers.IsOfContent(name)) body?.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
            else if (values.Count == 1) message.Headers.TryAddWithoutValidation(name, values[0]);
            else message.Headers.TryAddWithoutValidation(name, (IEnumerable<string?>)values);
        }
        Introduce(message, exchange.Visitor, request.Host.Value);
        return message;
    }

    /// <summary>Says for whom the gateway asks. The trace is added where it is sent.</summary>
    public static void Introduce(HttpRequestMessage message, Visitor visitor, string? host)
    {
        message.Headers.TryAddWithoutValidation("X-Forwarded-For", visitor.Address.ToString());
        message.Headers.TryAddWithoutValidation("X-Forwarded-Proto", visitor.OverTls ? "https" : "http");
        if (host is { Length: > 0 }) message.Headers.TryAddWithoutValidation("X-Forwarded-Host", host);
        if (Correlation.Current is { } id) message.Headers.TryAddWithoutValidation(Correlation.Header, id);
    }

    async Task CopyAsync(HttpContext context, Exchange exchange, HttpResponseMessage from)
    {
        var to = context.Response;
        to.StatusCode = (int)from.StatusCode;
        foreach (var (name, values) in from.Headers.NonValidated) CopyHeader(to, name, values);
        foreach (var (name, values) in from.Content.Headers.NonValidated) CopyHeader(to, name, values);
        if (HttpMethods.IsHead(context.Request.Method) || from.StatusCode is HttpStatusCode.NoContent or HttpStatusCode.NotModified) return;

        try
        {
            await using var body = await from.Content.ReadAsStreamAsync(context.RequestAborted);
            await to.StartAsync(context.RequestAborted);
            await CopyBodyAsync(body, context, exchange, from.Content.Headers.ContentLength);
        }
        catch (Exception exception) when (exception is IOException or HttpRequestException or OperationCanceledException)
        {
            // The answer has begun: breaking the connection is the only way left to say that it is not whole.
            if (!context.RequestAborted.IsCancellationRequested) Log.BrokenOff(logger, exchange.Service!, context.Request.Path, exception.Message);
            context.Abort();
        }
    }

    static void CopyHeader(HttpResponse to, string name, System.Net.Http.Headers.HeaderStringValues values)
    {
        if (!Headers.ComesBack(name)) return;
        to.Headers[name] = values.Count == 1 ? values.ToString() : values.ToArray();
    }

    static async Task CopyBodyAsync(Stream body, HttpContext context, Exchange exchange, long? length)
    {
        var writer = context.Response.BodyWriter;
        while (true)
        {
            var read = await body.ReadAsync(writer.GetMemory(4096), context.RequestAborted);
            if (read == 0) return;
            writer.Advance(read);
            exchange.Bytes += read;
            await writer.FlushAsync(context.RequestAborted);
            if (exchange.Bytes == length) return;
        }
    }

    static partial class Log
    {
        [LoggerMessage(1, LogLevel.Warning, "{Service} broke off its answer to {Path}: {Reason}")]
        public static partial void BrokenOff(ILogger logger, string service, PathString path, string reason);
    }
}

/// <summary>The client's body, read as the service takes it.</summary>
sealed class RequestBody(HttpRequest request) : HttpContent
{
    /// <summary>Whether some of it was read: then it cannot be sent a second time.</summary>
    public bool Started { get; private set; }

    protected override Task SerializeToStreamAsync(Stream stream, TransportContext? context) => SerializeToStreamAsync(stream, context, CancellationToken.None);

    protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context, CancellationToken cancellationToken)
    {
        Started = true;
        while (true)
        {
            var read = await request.BodyReader.ReadAsync(cancellationToken);
            foreach (var part in read.Buffer) await stream.WriteAsync(part, cancellationToken);
            request.BodyReader.AdvanceTo(read.Buffer.End);
            await stream.FlushAsync(cancellationToken);
            if (read.IsCompleted) return;
        }
    }

    protected override bool TryComputeLength(out long length)
    {
        length = request.ContentLength ?? 0;
        return request.ContentLength is not null || request.Headers.TransferEncoding.Count == 0;
    }
}
