using System.Text;

namespace Grpc.Core;

/// <summary>What the connection itself proves about the peer, as a rule from its certificate.</summary>
public class AuthContext(string? peerIdentityPropertyName, Dictionary<string, List<AuthProperty>> properties)
{
    public bool IsPeerAuthenticated => PeerIdentityPropertyName is not null;

    /// <summary>The property that names the peer; null when it proved nothing.</summary>
    public string? PeerIdentityPropertyName { get; } = peerIdentityPropertyName;

    public IEnumerable<AuthProperty> PeerIdentity => PeerIdentityPropertyName is { } name ? FindPropertiesByName(name) : [];

    public IEnumerable<AuthProperty> Properties => properties.Values.SelectMany(values => values);

    public IEnumerable<AuthProperty> FindPropertiesByName(string propertyName) => properties.TryGetValue(propertyName, out var values) ? values : [];
}

/// <summary>One proven fact about a peer.</summary>
public sealed class AuthProperty
{
    readonly byte[] valueBytes;

    AuthProperty(string name, byte[] valueBytes)
    {
        Name = name;
        this.valueBytes = valueBytes;
    }

    public string Name { get; }

    public string Value => Encoding.UTF8.GetString(valueBytes);

    public byte[] ValueBytes => [.. valueBytes];

    public static AuthProperty Create(string name, byte[] valueBytes)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(valueBytes);
        return new(name, [.. valueBytes]);
    }
}
