namespace Grpc.Net.ClientFactory;

/// <summary>Makes clients by the name they were registered under; the type's own name unless another was given.</summary>
public abstract class GrpcClientFactory
{
    /// <exception cref="InvalidOperationException">No client of this type is registered under the name.</exception>
    public abstract TClient CreateClient<TClient>(string name) where TClient : class;
}
