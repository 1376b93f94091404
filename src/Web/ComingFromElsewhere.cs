using System.Text.Encodings.Web;
using Microsoft.AspNetCore.Http;

namespace Rosa.Web;

/// <summary>
/// Somebody who follows a link from a mail or another site. Browsers keep a <c>SameSite=Strict</c> cookie back then, and the page would take a customer
/// for a stranger and give them a new session in place of theirs. A second cookie, which says only that there is a session, comes along; the browser is then
/// told to ask again from this site, and brings both.
/// </summary>
static class ComingFromElsewhere
{
    const string Again = "again";
    static readonly TimeSpan patience = TimeSpan.FromSeconds(20);

    /// <summary>Answers with a page that asks for itself; false when this request is to be answered as it is.</summary>
    public static async ValueTask<bool> AskAgainAsync(HttpContext context, SessionCookie session)
    {
        var request = context.Request;
        if (!HttpMethods.IsGet(request.Method) || request.Headers["Sec-Fetch-Site"] != "cross-site" || session.IsSent(context)) return false;
        if (request.Cookies[Name(session, context)] is not { } marker || marker == Again) return false;

        // Once: a browser that keeps the cookie back again is answered as a stranger.
        context.Response.Cookies.Append(Name(session, context), Again, Options(patience));
        context.Response.Headers.CacheControl = "no-store";
        context.Response.ContentType = "text/html; charset=utf-8";
        var here = HtmlEncoder.Default.Encode(request.PathBase + request.Path + request.QueryString);
        await context.Response.WriteAsync($"<!DOCTYPE html><meta charset=utf-8><meta http-equiv=refresh content=\"0;url={here}\"><title>…</title><a href=\"{here}\">→</a>");
        return true;
    }

    /// <summary>Says that this browser has a session.</summary>
    public static void Mark(HttpContext context, SessionCookie session, TimeSpan lifetime) => context.Response.Cookies.Append(Name(session, context), "yes", Options(lifetime));

    static string Name(SessionCookie session, HttpContext context) => $"{session.Name(context).Replace("__Host-", "", StringComparison.Ordinal)}-known";

    static CookieOptions Options(TimeSpan lifetime) => new() { Path = "/", HttpOnly = true, SameSite = SameSiteMode.Lax, MaxAge = lifetime };
}
