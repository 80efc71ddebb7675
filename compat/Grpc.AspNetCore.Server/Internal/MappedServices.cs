using System.Diagnostics.CodeAnalysis;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Turns services into endpoints, and answers Unimplemented for what is asked of a gRPC host and not there.</summary>
sealed class MappedServices(IOptions<GrpcServiceOptions> options, ILoggerFactory logs)
{
    bool isFallbackMapped;

    public GrpcServiceEndpointConventionBuilder Map<
        [DynamicallyAccessedMembers(DynamicallyAccessedMemberTypes.PublicConstructors | DynamicallyAccessedMemberTypes.PublicMethods)] TService>(
        IEndpointRouteBuilder routes) where TService : class
    {
        var own = routes.ServiceProvider.GetRequiredService<IOptions<GrpcServiceOptions<TService>>>().Value;
        var binder = new MethodBinder<TService>(new(options.Value, own), logs.CreateLogger("Grpc.AspNetCore.Server"));
        binder.Bind();
        var endpoints = new List<IEndpointConventionBuilder>();
        foreach (var bound in binder.Methods)
        {
            var endpoint = routes.MapMethods(bound.Method.FullName, [HttpMethods.Post], bound.Handler);
            endpoint.Add(builder =>
            {
                builder.DisplayName = $"gRPC - {bound.Method.FullName}";
                foreach (var attribute in bound.Attributes) builder.Metadata.Add(attribute);
                builder.Metadata.Add(new GrpcMethodMetadata(typeof(TService), bound.Method));
            });
            endpoints.Add(endpoint);
        }

        if (options.Value.IgnoreUnknownServices != true)
        {
            foreach (var name in binder.Methods.Select(bound => bound.Method.ServiceName).Distinct())
                endpoints.Add(MapUnimplemented(routes, $"{name}/{{method}}", Unimplemented.Method));
            if (!isFallbackMapped)
            {
                isFallbackMapped = true;
                MapUnimplemented(routes, "{service}/{method}", Unimplemented.Service).Add(builder => ((RouteEndpointBuilder)builder).Order = int.MaxValue);
            }
        }

        return new(endpoints);
    }

    static IEndpointConventionBuilder MapUnimplemented(IEndpointRouteBuilder routes, string pattern, RequestDelegate answer)
    {
        var onlyGrpc = RoutePatternFactory.Parse(pattern, defaults: null, parameterPolicies: new { method = new Unimplemented.OnlyGrpcCalls() });
        return routes.Map(onlyGrpc, answer).WithDisplayName($"gRPC - unimplemented {pattern}");
    }
}
