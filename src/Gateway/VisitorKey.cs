using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;

namespace Rosa.Gateway;

/// <summary>Who is counted as one: an IPv4 address, or an IPv6 /64, which is what one household has.</summary>
readonly record struct VisitorKey(ulong Network, ulong Host)
{
    public static VisitorKey Of(IPAddress address)
    {
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out _);
        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? new VisitorKey(BinaryPrimitives.ReadUInt64BigEndian(bytes), ulong.MaxValue)
            : new VisitorKey(0, BinaryPrimitives.ReadUInt32BigEndian(bytes));
    }

    public override string ToString() => Host == ulong.MaxValue ? $"{Network:x16}" : $"{Host:x8}";
}
