using System.Net;
using System.Net.Sockets;

namespace Empire.Identity.Access;

/// <summary>Networks of addresses, written in CIDR: 10.0.0.0/8, 2001:db8::/32, or one address.</summary>
internal static class Networks
{
    private const int Most = 50;

    /// <returns>The networks in their one spelling, comma-separated; null where anything is no network.</returns>
    public static string? Normalise(string text)
    {
        var parts = Split(text);
        if (parts.Length is 0 or > Most) return null;
        var networks = Array.ConvertAll(parts, Parse);
        return Array.TrueForAll(networks, network => network is not null) ? string.Join(',', networks.Select(network => network!.Value.ToString()).Distinct()) : null;
    }

    public static string[] Split(string text) => text.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <param name="networks">As <see cref="Normalise"/> wrote them.</param>
    public static bool Contain(IEnumerable<string> networks, IPAddress address)
    {
        var plain = address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
        return networks.SelectMany(Split).Any(network => IPNetwork.Parse(network).Contains(plain));
    }

    private static IPNetwork? Parse(string text)
    {
        if (text.Contains('%', StringComparison.Ordinal)) return null; // a zone is of one machine
        if (IPAddress.TryParse(text, out var single) && text.AsSpan().IndexOfAny('.', ':') >= 0) // "10" is an address too, to .NET
            return Checked(new IPNetwork(single, single.AddressFamily == AddressFamily.InterNetwork ? 32 : 128), text);
        // 10.0.0.1/8 is taken for 10.0.0.0/8 there; whoever wrote it may have meant the one address.
        return IPNetwork.TryParse(text, out var network) && text.StartsWith($"{network.BaseAddress}/", StringComparison.OrdinalIgnoreCase) ? Checked(network, text) : null;
    }

    /// <summary>No IPv4 address in the clothes of IPv6, and none of the short forms that mean something else elsewhere (10.1 is 10.0.0.1).</summary>
    private static IPNetwork? Checked(IPNetwork network, string text) =>
        network.BaseAddress.IsIPv4MappedToIPv6 || (network.BaseAddress.AddressFamily == AddressFamily.InterNetwork && text.Count(c => c == '.') != 3) ? null : network;
}
