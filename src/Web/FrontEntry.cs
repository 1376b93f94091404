using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Rosa.Platform.Problems;

namespace Rosa.Web;

/// <summary>
/// The first that a request meets: assets, headers of safety, the session (renewed when it is due), and for what changes something the proof that a
/// page of ours asked for it.
/// </summary>
sealed class FrontEntry(Assets assets, SessionCookie cookie, SessionRenewal renewal, Connections connections, ProblemPages pages, Front front, WebOptions options)
{
    static readonly Problem foreign = new(ProblemKind.Forbidden, "FORM_NOT_OURS", "This form is not from a page of ours, or too old. Open the page again.");

    public async Task HandleAsync(HttpContext context, RequestDelegate next)
    {
        if (IsForMachines(context.Request.Path))
        {
            await next(context);
            return;
        }
        if (await assets.TryAnswerAsync(context)) return;

        SafetyHeaders.Add(context.Response.Headers, connections.IsEncrypted(context));
        context.Features.Set<IProblemPage>(pages);
        if (await ComingFromElsewhere.AskAgainAsync(context, cookie)) return;
        Languages.Keep(context);

        var session = await OpenSessionAsync(context);
        if (session.Current.Login is not null && context.Features.Get<IHttpMaxRequestBodySizeFeature>() is { IsReadOnly: false } limit) limit.MaxRequestBodySize = front.LargestBody;
        if (!await IsOursAsync(context, session.Current))
        {
            await ProblemMiddleware.WriteAsync(context, foreign.ToDetails());
            return;
        }
        if (session.Current.Login is { } login && context.Request.Headers.Authorization.Count == 0) context.Request.Headers.Authorization = $"Bearer {login.Token}";
        await next(context);
    }

    async Task<SessionOfRequest> OpenSessionAsync(HttpContext context)
    {
        var sent = cookie.Read(context);
        var session = new SessionOfRequest(sent);
        context.Features.Set(session);
        context.Response.OnStarting(() =>
        {
            context.Response.Headers.Remove("blazor-enhanced-nav");
            if (session.HasChanged)
            {
                cookie.Write(context, session.Current);
                ComingFromElsewhere.Mark(context, cookie, options.SessionLifetime);
            }
            if (context.Response.ContentType?.StartsWith("text/html", StringComparison.Ordinal) == true && context.Response.Headers.CacheControl.Count == 0)
                context.Response.Headers.CacheControl = session.Current.Login is null ? "private, no-cache" : "private, no-store";
            return Task.CompletedTask;
        });

        if (sent.Login is { } login && renewal.IsDue(login))
        {
            var renewed = await renewal.RenewAsync(login, context.RequestAborted);
            if (!ReferenceEquals(renewed, login)) session.Current = sent with { Login = renewed };
        }
        return session;
    }

    /// <summary>A program that shows a token of its own is no browser that somebody could have led here.</summary>
    async Task<bool> IsOursAsync(HttpContext context, Session session)
    {
        var request = context.Request;
        if (HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method) || HttpMethods.IsOptions(request.Method)) return true;
        if (!CsrfToken.IsFromOwnPage(request, connections.Origin(context))) return false;
        if (request.Headers.Authorization.Count > 0) return true;
        if (CsrfToken.IsGood(request.Headers[CsrfToken.Header], session)) return true;
        return request.HasFormContentType && CsrfToken.IsGood(await FieldAsync(request), session);
    }

    static async Task<string?> FieldAsync(HttpRequest request)
    {
        try
        {
            return (await request.ReadFormAsync(request.HttpContext.RequestAborted))[CsrfToken.Field];
        }
        catch (Exception exception) when (exception is InvalidDataException or BadHttpRequestException)
        {
            return null;
        }
    }

    static bool IsForMachines(PathString path) => path.StartsWithSegments("/health") || path.StartsWithSegments("/metrics") || path.StartsWithSegments("/openapi");
}

/// <summary>Headers that every page carries.</summary>
static class SafetyHeaders
{
    // Pictures of products may lie elsewhere; nothing else does.
    const string Policy = "default-src 'self'; img-src 'self' data: https:; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

    public static void Add(IHeaderDictionary headers, bool encrypted)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        headers.XFrameOptions = "DENY";
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=()";
        if (encrypted) headers.StrictTransportSecurity = "max-age=31536000; includeSubDomains";
    }
}
