using System.Net;
using System.Net.Sockets;
using Microsoft.Extensions.Options;

namespace Rosa.Users;

/// <summary>Where a request comes from, as far as it can be believed: <c>X-Forwarded-For</c> counts only from proxies of ours.</summary>
sealed class ClientAddress(IOptions<UsersOptions> options)
{
    readonly IPNetwork[] proxies = [.. options.Value.TrustedProxies
        .Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
        .Select(network => network.Contains('/') ? IPNetwork.Parse(network) : new IPNetwork(IPAddress.Parse(network), network.Contains(':') ? 128 : 32))];

    /// <summary>The nearest address that is not a proxy of ours.</summary>
    public string Of(HttpContext context)
    {
        var nearest = context.Connection.RemoteIpAddress ?? IPAddress.None;
        var forwarded = context.Request.Headers["X-Forwarded-For"].ToString().Split(',', StringSplitOptions.TrimEntries);
        for (var i = forwarded.Length - 1; i >= 0 && IsProxy(nearest) && IPAddress.TryParse(forwarded[i], out var before); i--) nearest = before;
        return Grouped(nearest);
    }

    bool IsProxy(IPAddress address) => Plain(address) is var plain && Array.Exists(proxies, network => network.Contains(plain));

    /// <summary>One household has a whole IPv6 /64, and would else have 2⁶⁴ tries.</summary>
    static string Grouped(IPAddress address)
    {
        var plain = Plain(address);
        if (plain.AddressFamily != AddressFamily.InterNetworkV6) return plain.ToString();
        var bytes = plain.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return new IPAddress(bytes) + "/64";
    }

    static IPAddress Plain(IPAddress address) => address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
}
