using Microsoft.Extensions.Primitives;

namespace Rosa.Gateway;

/// <summary>Headers that every answer carries. A page of its own (<c>/docs</c>) puts another content policy in place.</summary>
static class SecurityHeaders
{
    static readonly StringValues noSniffing = "nosniff";
    static readonly StringValues noFrames = "DENY";
    static readonly StringValues noReferrer = "no-referrer";
    static readonly StringValues nothingLoads = "default-src 'none'; frame-ancestors 'none'";
    static readonly StringValues onlyTls = "max-age=31536000; includeSubDomains";

    /// <summary>What a service may not set for itself.</summary>
    public static bool Owns(string header) =>
        header.Equals("X-Content-Type-Options", StringComparison.OrdinalIgnoreCase) || header.Equals("X-Frame-Options", StringComparison.OrdinalIgnoreCase)
        || header.Equals("Referrer-Policy", StringComparison.OrdinalIgnoreCase) || header.Equals("Content-Security-Policy", StringComparison.OrdinalIgnoreCase)
        || header.Equals("Strict-Transport-Security", StringComparison.OrdinalIgnoreCase);

    public static void Add(IHeaderDictionary headers, bool overTls)
    {
        headers.XContentTypeOptions = noSniffing;
        headers.XFrameOptions = noFrames;
        headers["Referrer-Policy"] = noReferrer;
        headers.ContentSecurityPolicy = nothingLoads;
        if (overTls) headers.StrictTransportSecurity = onlyTls;
    }
}
