using System.Net;
using Microsoft.AspNetCore.Http;

namespace Rosa.Web;

/// <summary>Who is behind a connection. <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> count only from proxies of ours.</summary>
public sealed class Connections(WebOptions options)
{
    readonly IPNetwork[] proxies = [.. options.TrustedProxies
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(network => network.Contains('/') ? IPNetwork.Parse(network) : new IPNetwork(IPAddress.Parse(network), network.Contains(':') ? 128 : 32))];

    /// <summary>The visitor's address: the nearest that is no proxy of ours.</summary>
    public IPAddress Visitor(HttpContext context)
    {
        var nearest = Plain(context.Connection.RemoteIpAddress ?? IPAddress.None);
        var hops = context.Request.Headers["X-Forwarded-For"].ToString().Split(',', StringSplitOptions.TrimEntries);
        for (var i = hops.Length - 1; i >= 0 && IsProxy(nearest) && IPAddress.TryParse(hops[i], out var before); i--) nearest = Plain(before);
        return nearest;
    }

    /// <summary>Whether the visitor's own connection is encrypted.</summary>
    public bool IsEncrypted(HttpContext context) =>
        context.Request.IsHttps || options.PublicUrl is { Scheme: "https" }
        || (IsProxy(Plain(context.Connection.RemoteIpAddress ?? IPAddress.None)) && context.Request.Headers["X-Forwarded-Proto"] == "https");

    /// <summary>The address of this front as its visitor sees it, without a slash at the end.</summary>
    public string Origin(HttpContext context) =>
        options.PublicUrl?.GetLeftPart(UriPartial.Authority) ?? $"{(IsEncrypted(context) ? "https" : "http")}://{context.Request.Host}";

    bool IsProxy(IPAddress address) => Array.Exists(proxies, network => network.Contains(address));

    static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
