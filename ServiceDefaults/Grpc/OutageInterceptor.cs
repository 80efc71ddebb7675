using Empire.Data;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;

namespace Empire;

/// <summary>Tells the caller of a service whose database is away that waiting may help: Unavailable, as of a service that is away itself, and not Unknown, which a repeat would meet again.</summary>
internal sealed class OutageInterceptor : Interceptor
{
    public override async Task<TResponse> UnaryServerHandler<TRequest, TResponse>(TRequest request, ServerCallContext context, UnaryServerMethod<TRequest, TResponse> continuation)
    {
        try { return await continuation(request, context); }
        catch (Exception e) when (DatabaseOutage.Is(e)) { throw Away(e); }
    }

    public override async Task ServerStreamingServerHandler<TRequest, TResponse>(
        TRequest request, IServerStreamWriter<TResponse> responseStream, ServerCallContext context, ServerStreamingServerMethod<TRequest, TResponse> continuation)
    {
        try { await continuation(request, responseStream, context); }
        catch (Exception e) when (DatabaseOutage.Is(e)) { throw Away(e); }
    }

    private static RpcException Away(Exception e) => new(new Status(StatusCode.Unavailable, "The database is out of reach; try again shortly.", e));
}

public static class GrpcServicesExtensions
{
    /// <summary>gRPC, with what every service answers alike.</summary>
    public static void AddGrpcServices(this IServiceCollection services) => services.AddGrpc(options => options.Interceptors.Add<OutageInterceptor>());
}
