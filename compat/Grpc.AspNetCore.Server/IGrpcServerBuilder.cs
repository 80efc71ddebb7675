using Microsoft.Extensions.DependencyInjection;

namespace Grpc.AspNetCore.Server;

/// <summary>Goes on configuring the gRPC services of a host.</summary>
public interface IGrpcServerBuilder
{
    IServiceCollection Services { get; }
}
