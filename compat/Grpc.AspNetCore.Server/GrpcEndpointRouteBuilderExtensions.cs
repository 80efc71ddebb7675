using System.Diagnostics.CodeAnalysis;
using Grpc.AspNetCore.Server.Internal;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.AspNetCore.Builder;

public static class GrpcEndpointRouteBuilderExtensions
{
    /// <summary>Serves each method of the service under its own path.</summary>
    /// <exception cref="InvalidOperationException">AddGrpc was not called, or the type derives from no generated base class.</exception>
    public static GrpcServiceEndpointConventionBuilder MapGrpcService<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicMethods)] TService>(
        this IEndpointRouteBuilder builder) where TService : class
    {
        ArgumentNullException.ThrowIfNull(builder);
        var mapped = builder.ServiceProvider.GetService<MappedServices>()
            ?? throw new InvalidOperationException($"AddGrpc() must be called on the services before {typeof(TService).Name} is mapped.");
        return mapped.Map<TService>(builder);
    }
}

/// <summary>Adds conventions, such as authorization, to all methods of a service.</summary>
public sealed class GrpcServiceEndpointConventionBuilder : IEndpointConventionBuilder
{
    readonly IReadOnlyList<IEndpointConventionBuilder> methods;

    internal GrpcServiceEndpointConventionBuilder(IReadOnlyList<IEndpointConventionBuilder> methods) => this.methods = methods;

    public void Add(Action<EndpointBuilder> convention)
    {
        foreach (var method in methods) method.Add(convention);
    }

    public void Finally(Action<EndpointBuilder> finalConvention)
    {
        foreach (var method in methods) method.Finally(finalConvention);
    }
}
