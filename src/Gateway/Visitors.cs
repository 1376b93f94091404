using System.Net;
using Rosa.Platform.Identity;

namespace Rosa.Gateway;

/// <param name="Address">Where the visitor is, as far as it can be believed.</param>
/// <param name="OverTls">Whether the visitor's own connection is encrypted.</param>
/// <param name="IsFront">One of our fronts for itself, as for a picture that it keeps for everybody: the limit is for visitors.</param>
readonly record struct Visitor(IPAddress Address, bool OverTls, bool IsFront = false);

/// <summary>
/// Finds out who is behind a connection. <c>X-Forwarded-For</c> is believed from configured proxies, and from our own fronts, which
/// prove themselves by their service token in <c>Authorization</c>, or in <c>X-Service-Token</c> when <c>Authorization</c> holds their user's.
/// </summary>
sealed class Visitors(GatewayOptions options, TokenReader tokens)
{
    public const string ServiceToken = "X-Service-Token";
    const string ForwardedFor = "X-Forwarded-For";

    readonly IPNetwork[] proxies = [.. options.TrustedProxies
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(network => network.Contains('/') ? IPNetwork.Parse(network) : new IPNetwork(IPAddress.Parse(network), network.Contains(':') ? 128 : 32))];

    public ValueTask<Visitor> FindAsync(HttpContext context)
    {
        var peer = Plain(context.Connection.RemoteIpAddress ?? IPAddress.None);
        var forwarded = context.Request.Headers[ForwardedFor];
        if (forwarded.Count == 0)
            return context.Request.Headers.ContainsKey(ServiceToken) ? FrontItselfAsync(context, peer) : ValueTask.FromResult(new Visitor(peer, IsTls(context, peer)));
        if (IsProxy(peer)) return ValueTask.FromResult(new Visitor(Behind(peer, forwarded.ToString()), IsTls(context, peer)));
        return HasServiceToken(context.Request) ? BehindFrontAsync(context, peer, forwarded.ToString()) : ValueTask.FromResult(new Visitor(peer, context.Request.IsHttps));
    }

    async ValueTask<Visitor> FrontItselfAsync(HttpContext context, IPAddress peer) => new(peer, IsTls(context, peer), await IsFrontAsync(context));

    async ValueTask<Visitor> BehindFrontAsync(HttpContext context, IPAddress peer, string forwarded) =>
        new(await IsFrontAsync(context) ? Behind(peer, forwarded) : peer, context.Request.IsHttps);

    /// <summary>The last address named, or the first from the end that is no proxy of ours.</summary>
    IPAddress Behind(IPAddress peer, string forwarded)
    {
        var nearest = peer;
        var hops = forwarded.Split(',', StringSplitOptions.TrimEntries);
        for (var i = hops.Length - 1; i >= 0 && IPAddress.TryParse(hops[i], out var before); i--)
        {
            nearest = Plain(before);
            if (!IsProxy(nearest)) break;
        }
        return nearest;
    }

    bool IsTls(HttpContext context, IPAddress peer) =>
        context.Request.IsHttps || (proxies.Length > 0 && IsProxy(peer) && context.Request.Headers["X-Forwarded-Proto"] == "https");

    static bool HasServiceToken(HttpRequest request) => request.Headers.Authorization.Count > 0 || request.Headers.ContainsKey(ServiceToken);

    async ValueTask<bool> IsFrontAsync(HttpContext context)
    {
        const string bearer = "Bearer ";
        var sent = context.Request.Headers[ServiceToken].ToString();
        if (sent.Length == 0) sent = context.Request.Headers.Authorization.ToString();
        if (sent.StartsWith(bearer, StringComparison.OrdinalIgnoreCase)) sent = sent[bearer.Length..].Trim();
        try
        {
            return await tokens.ReadAsync(sent, context.RequestAborted) is { IsService: true };
        }
        catch (Exception exception) when (exception is HttpRequestException or OperationCanceledException or InvalidOperationException)
        {
            return false;   // Users is down: nobody can prove anything
        }
    }

    bool IsProxy(IPAddress address)
    {
        foreach (var network in proxies)
        {
            if (network.Contains(address)) return true;
        }
        return false;
    }

    static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
