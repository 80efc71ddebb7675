using System.Globalization;
using System.Net.Sockets;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A named address of a resource. Its port is chosen before anything starts, one for each replica.</summary>
public sealed class EndpointAnnotation(
    ProtocolType protocol, string? uriScheme = null, string? transport = null, string? name = null, int? port = null, int? targetPort = null,
    bool? isExternal = null, bool isProxied = true) : IResourceAnnotation
{
    public ProtocolType Protocol { get; set; } = protocol;
    public string UriScheme { get; set; } = uriScheme ?? (protocol == ProtocolType.Udp ? "udp" : "tcp");
    public string Transport { get; set; } = transport ?? (uriScheme is "http" or "https" ? "http" : "tcp");
    public string Name { get; set; } = name ?? uriScheme ?? "tcp";

    /// <summary>The port on which others reach the endpoint; null means a free one.</summary>
    public int? Port { get; set; } = port;

    /// <summary>The port on which the process itself listens. There is no proxy here, so it is the same port: see the package's README.</summary>
    public int? TargetPort { get; set; } = targetPort;
    public string TargetHost { get; set; } = "127.0.0.1";
    public bool IsExternal { get; set; } = isExternal ?? false;
    public bool IsProxied { get; set; } = isProxied;

    /// <summary>The address of the first replica.</summary>
    public AllocatedEndpoint? AllocatedEndpoint
    {
        get => Allocated.Count > 0 ? Allocated[0] : null;
        set => Allocated = value is null ? [] : [value];
    }

    internal IReadOnlyList<AllocatedEndpoint> Allocated { get; set; } = [];

    /// <summary>The variable that tells the process its port.</summary>
    internal string? PortVariable { get; init; }
}

public class AllocatedEndpoint(EndpointAnnotation endpoint, string address, int port)
{
    public EndpointAnnotation Endpoint { get; } = endpoint;
    public string Address { get; } = address;
    public int Port { get; } = port;
    public string UriScheme => Endpoint.UriScheme;
    public string EndPointString => $"{Address}:{Port}";
    public string UriString => $"{UriScheme}://{EndPointString}";
    public override string ToString() => UriString;
}

public enum EndpointProperty
{
    Url = 0,
    Host = 1,
    IPV4Host = 2,
    Port = 3,
    Scheme = 4,
    TargetPort = 5,
    HostAndPort = 6,
}

/// <summary>A promise of an address: may be handed out before the port is chosen, and is read when a process starts.</summary>
public sealed class EndpointReference : IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    private readonly EndpointAnnotation? _known;

    public EndpointReference(IResourceWithEndpoints owner, string endpointName) => (Resource, EndpointName) = (owner, endpointName);

    public EndpointReference(IResourceWithEndpoints owner, EndpointAnnotation endpoint) => (Resource, EndpointName, _known) = (owner, endpoint.Name, endpoint);

    public IResourceWithEndpoints Resource { get; }
    public string EndpointName { get; }
    public bool Exists => Find() is not null;
    public bool IsAllocated => Find()?.AllocatedEndpoint is not null;
    public bool IsHttp => string.Equals(EndpointAnnotation.UriScheme, "http", StringComparison.OrdinalIgnoreCase);
    public bool IsHttps => string.Equals(EndpointAnnotation.UriScheme, "https", StringComparison.OrdinalIgnoreCase);
    public string Scheme => EndpointAnnotation.UriScheme;
    public string Host => Allocated.Address;
    public int Port => Allocated.Port;
    public int? TargetPort => Allocated.Port;
    public string Url => Allocated.UriString;
    public string ValueExpression => $"{{{Resource.Name}.bindings.{EndpointName}.url}}";
    IEnumerable<object> IValueWithReferences.References => [Resource];

    public EndpointAnnotation EndpointAnnotation => Find()
        ?? throw new InvalidOperationException($"Resource '{Resource.Name}' has no endpoint named '{EndpointName}'.");

    public EndpointReferenceExpression Property(EndpointProperty property) => new(this, property);

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Url);

    private AllocatedEndpoint Allocated => EndpointAnnotation.AllocatedEndpoint
        ?? throw new InvalidOperationException($"The endpoint '{EndpointName}' of '{Resource.Name}' has no port yet: read it in a callback, which runs when a process starts.");

    private EndpointAnnotation? Find() => _known ?? Resource.Annotations.OfType<EndpointAnnotation>()
        .SingleOrDefault(e => string.Equals(e.Name, EndpointName, StringComparison.OrdinalIgnoreCase));
}

/// <summary>One part of an address: only its port, say.</summary>
public class EndpointReferenceExpression(EndpointReference endpointReference, EndpointProperty property) : IManifestExpressionProvider, IValueProvider, IValueWithReferences
{
    public EndpointReference Endpoint { get; } = endpointReference;
    public EndpointProperty Property { get; } = property;
    public string ValueExpression => $"{{{Endpoint.Resource.Name}.bindings.{Endpoint.EndpointName}.{Property.ToString().ToLowerInvariant()}}}";
    IEnumerable<object> IValueWithReferences.References => [Endpoint];

    public ValueTask<string?> GetValueAsync(CancellationToken cancellationToken = default) => new(Property switch
    {
        EndpointProperty.Url => Endpoint.Url,
        EndpointProperty.Host or EndpointProperty.IPV4Host => Endpoint.Host,
        EndpointProperty.Port => Endpoint.Port.ToString(CultureInfo.InvariantCulture),
        EndpointProperty.TargetPort => Endpoint.TargetPort?.ToString(CultureInfo.InvariantCulture),
        EndpointProperty.Scheme => Endpoint.Scheme,
        EndpointProperty.HostAndPort => $"{Endpoint.Host}:{Endpoint.Port}",
        _ => throw new InvalidOperationException($"Unknown endpoint property '{Property}'."),
    });
}
