using System.Net;
using System.Net.Sockets;
using Empire.Gateway.Authentication;
using Empire.Gateway.Routing;

namespace Empire.Gateway.Requests;

/// <summary>What the door knows of one request.</summary>
internal sealed class Visit(IPAddress address, ServiceRoute? route)
{
    public IPAddress Address { get; } = address;

    /// <summary>Null where no line of the table matches.</summary>
    public ServiceRoute? Route { get; } = route;

    /// <summary>Who it turned out to be; null for anyone.</summary>
    public SignedIdentity? Identity { get; set; }

    /// <summary>By what kind of credential; null for anyone.</summary>
    public CredentialKind? Shown { get; set; }

    /// <summary>The credential itself; kept only for calls that last.</summary>
    public Credential? Credential { get; set; }

    /// <summary>Of the month's call that this request took; given back when the platform fails it.</summary>
    public string? Receipt { get; set; }

    /// <summary>What limits and blocks go by: an IPv4 address, or the /64 that one IPv6 customer has to himself.</summary>
    public string Origin => origin ??= OriginOf(Address);

    /// <summary>The request may change what is kept of the account's answers, and that has not been looked at yet.</summary>
    public bool Changes { get; set; }

    /// <summary>The request may change something of the account's.</summary>
    public bool Writes { get; set; }

    /// <summary>The service says that its refusal is no wrong guess; see <see cref="Http.Blameless"/>.</summary>
    public bool Blameless { get; set; }

    private string? origin;

    public static Visit Of(HttpContext context) => context.Features.Get<Visit>()!;

    /// <summary>The peer, after trusted proxies have spoken for it.</summary>
    public static IPAddress AddressOf(HttpContext context) =>
        context.Connection.RemoteIpAddress is not { } address ? IPAddress.None : address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;

    public static string OriginOf(IPAddress address)
    {
        if (address.IsIPv4MappedToIPv6) address = address.MapToIPv4();
        if (address.AddressFamily != AddressFamily.InterNetworkV6 || IPAddress.IsLoopback(address)) return address.ToString();
        var bytes = address.GetAddressBytes();
        bytes.AsSpan(8).Clear();
        return $"{new IPAddress(bytes)}/64";
    }
}
