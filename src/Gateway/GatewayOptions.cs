using System.ComponentModel.DataAnnotations;

namespace Rosa.Gateway;

/// <summary>The section <c>Gateway</c>.</summary>
public sealed class GatewayOptions
{
    /// <summary>Requests that one client address may make within any 60 seconds; 0 turns the limit off. Default 100.</summary>
    [Range(0, 100_000)]
    public int RateLimitPerMinute { get; init; } = 100;

    /// <summary>
    /// Proxies whose <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> are believed: addresses or networks (<c>10.0.0.0/16</c>), separated by commas. Default none.
    /// </summary>
    public string TrustedProxies { get; init; } = "";

    /// <summary>Whether every request is logged as a line. Default true.</summary>
    public bool RequestLog { get; init; } = true;

    /// <summary>Memory for answers of the catalog, in MB. Default 64.</summary>
    [Range(1, 4096)]
    public int CacheMegabytes { get; init; } = 64;

    /// <summary>How long a service may take until its answer begins; then the client gets 504. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan AnswerWithin { get; init; } = TimeSpan.FromSeconds(30);
}
