namespace Grpc.AspNetCore.ClientFactory;

public class GrpcContextPropagationOptions
{
    /// <summary>A call made outside a gRPC call goes out as it is, rather than failing because there is no context to inherit.</summary>
    public bool SuppressContextNotFoundErrors { get; set; }
}
