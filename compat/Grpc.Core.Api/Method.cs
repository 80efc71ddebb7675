namespace Grpc.Core;

/// <summary>Which sides of a call send a stream of messages rather than one.</summary>
public enum MethodType
{
    Unary,
    ClientStreaming,
    ServerStreaming,
    DuplexStreaming,
}

/// <summary>A remote method, whatever its messages.</summary>
public interface IMethod
{
    MethodType Type { get; }

    /// <summary>With its proto package: <c>shop.v1.Orders</c>.</summary>
    string ServiceName { get; }

    string Name { get; }

    /// <summary>The path on the wire: <c>/shop.v1.Orders/Place</c>.</summary>
    string FullName { get; }
}

/// <summary>A remote method and how its messages become bytes.</summary>
public sealed class Method<TRequest, TResponse> : IMethod
{
    public Method(
        MethodType type, string serviceName, string name, Marshaller<TRequest> requestMarshaller, Marshaller<TResponse> responseMarshaller)
    {
        ArgumentNullException.ThrowIfNull(serviceName);
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(requestMarshaller);
        ArgumentNullException.ThrowIfNull(responseMarshaller);
        Type = type;
        ServiceName = serviceName;
        Name = name;
        RequestMarshaller = requestMarshaller;
        ResponseMarshaller = responseMarshaller;
        FullName = $"/{serviceName}/{name}";
    }

    public MethodType Type { get; }

    public string ServiceName { get; }

    public string Name { get; }

    public string FullName { get; }

    public Marshaller<TRequest> RequestMarshaller { get; }

    public Marshaller<TResponse> ResponseMarshaller { get; }
}
