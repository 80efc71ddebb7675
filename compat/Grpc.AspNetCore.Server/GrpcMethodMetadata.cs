using Grpc.Core;

namespace Grpc.AspNetCore.Server;

/// <summary>On the endpoint of every gRPC method: which method of which service it is.</summary>
public sealed class GrpcMethodMetadata(Type serviceType, IMethod method)
{
    public Type ServiceType { get; } = serviceType;

    public IMethod Method { get; } = method;
}

/// <summary>A feature of a request that is a gRPC call.</summary>
public interface IServerCallContextFeature
{
    ServerCallContext ServerCallContext { get; }
}
