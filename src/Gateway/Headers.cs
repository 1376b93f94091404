using Rosa.Platform.Hosting;

namespace Rosa.Gateway;

/// <summary>Which headers go from one connection to the next.</summary>
static class Headers
{
    /// <summary>Of one connection only (RFC 9110 §7.6.1).</summary>
    static bool IsHopByHop(string name) => name.Length switch
    {
        2 => Is(name, "TE"),
        7 => Is(name, "Trailer") || Is(name, "Upgrade"),
        10 => Is(name, "Connection") || Is(name, "Keep-Alive"),
        16 => Is(name, "Proxy-Connection"),
        17 => Is(name, "Transfer-Encoding"),
        18 => Is(name, "Proxy-Authenticate"),
        19 => Is(name, "Proxy-Authorization"),
        _ => false,
    };

    /// <summary>What a client sent and the service gets as it is; what the gateway says itself is left out.</summary>
    public static bool GoesOn(string name, string? connectionNames) =>
        !IsHopByHop(name) && !Is(name, "Host") && !Is(name, "Expect") && !Is(name, "Content-Length")
        && !name.StartsWith("X-Forwarded-", StringComparison.OrdinalIgnoreCase) && !Is(name, "Forwarded")
        && !Is(name, Correlation.Header) && !Is(name, "traceparent") && !Is(name, "tracestate") && !Is(name, "baggage") && !Is(name, Visitors.ServiceToken)
        && !Names(connectionNames, name);

    /// <summary>What a service answered and the client gets as it is.</summary>
    public static bool ComesBack(string name) =>
        !IsHopByHop(name) && !Is(name, "Date") && !Is(name, "Server") && !Is(name, Correlation.Header) && !SecurityHeaders.Owns(name);

    public static bool IsOfContent(string name) => name.StartsWith("Content-", StringComparison.OrdinalIgnoreCase) && !Is(name, "Content-Security-Policy");

    /// <summary>Whether <c>Connection</c> names this header, which then is of one connection too.</summary>
    static bool Names(string? connectionNames, string name) =>
        connectionNames is not null && !Is(connectionNames, "keep-alive") && !Is(connectionNames, "close")
        && connectionNames.Split(',', StringSplitOptions.TrimEntries).Contains(name, StringComparer.OrdinalIgnoreCase);

    static bool Is(string name, string other) => name.Equals(other, StringComparison.OrdinalIgnoreCase);
}
