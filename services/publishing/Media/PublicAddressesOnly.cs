using System.Net;
using System.Net.Sockets;

namespace Empire.Publishing.Media;

/// <summary>Opens connections for addresses that strangers wrote into a feed: never to this machine or its network, whatever name leads there. The check is on the
/// address that is really connected to, so a name that resolves differently a moment later gains nothing.</summary>
public static class PublicAddressesOnly
{
    public static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, CancellationToken ct)
    {
        var addresses = await Dns.GetHostAddressesAsync(context.DnsEndPoint.Host, ct);
        if (addresses.FirstOrDefault(IsPublic) is not { } address) throw new HttpRequestException($"{context.DnsEndPoint.Host} has no public address.");
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(address, context.DnsEndPoint.Port, ct);
            return new NetworkStream(socket, ownsSocket: true);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>False for loopback, private, link-local, carrier-grade NAT, multicast and unspecified addresses (RFC 6890), also where an IPv6 address leads to one of them.</summary>
    public static bool IsPublic(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        return address.AddressFamily == AddressFamily.InterNetworkV6 ? IsPublic6(address.GetAddressBytes()) : IsPublic4(address.GetAddressBytes());
    }

    private static bool IsPublic4(ReadOnlySpan<byte> address) => address switch
    {
        [0 or 10 or 127, ..] => false,
        [100, >= 64 and <= 127, ..] => false,
        [169, 254, ..] => false,
        [172, >= 16 and <= 31, ..] => false,
        [192, 168, ..] => false,
        [192, 0, 0, _] => false,
        [198, 18 or 19, ..] => false,
        [>= 224, ..] => false,
        _ => true,
    };

    /// <summary>What is given out to networks (2000::/3), without the ways to IPv4 and the examples in it. Source: https://www.iana.org/assignments/iana-ipv6-special-registry, read 2026-11-22.</summary>
    private static bool IsPublic6(ReadOnlySpan<byte> address) => address switch
    {
        [0x00, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. var behind] => IsPublic4(behind), // NAT64: how a network without IPv4 reaches whoever has nothing else
        [0x20, 0x01, < 2, ..] => false,                                                       // Teredo and other protocols
        [0x20, 0x01, 0x0d, 0xb8, ..] or [0x3f, 0xff, < 0x10, ..] => false,                    // examples
        [0x20, 0x02, ..] => false,                                                            // 6to4
        [>= 0x20 and < 0x40, ..] => true,
        _ => false,
    };
}
