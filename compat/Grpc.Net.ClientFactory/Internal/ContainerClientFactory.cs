using System.Collections.Concurrent;
using Grpc.Core;
using Grpc.Core.Interceptors;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Grpc.Net.ClientFactory.Internal;

/// <summary>Makes clients for one scope of the container.</summary>
sealed class ContainerClientFactory(
    IServiceProvider scope, ClientTypes types, ChannelSource channels, IOptionsMonitor<GrpcClientFactoryOptions> options) : GrpcClientFactory
{
    static readonly ConcurrentDictionary<Type, ObjectFactory> Constructors = new();

    public override TClient CreateClient<TClient>(string name)
    {
        types.Check(name, typeof(TClient));
        var settings = options.Get(name);
        var invoker = settings.InterceptorRegistrations
            .Where(registration => registration.Scope == InterceptorScope.Client)
            .Reverse()
            .Aggregate(channels.InvokerOf(name), (inner, registration) => inner.Intercept(registration.Creator(scope)));
        if (settings.CallOptionsActions.Count > 0) invoker = new CallOptionsInvoker(invoker, [.. settings.CallOptionsActions], scope);
        if (settings.Creator is null)
            return (TClient)Constructors.GetOrAdd(typeof(TClient), type => ActivatorUtilities.CreateFactory(type, [typeof(CallInvoker)]))(scope, [invoker]);
        return settings.Creator(invoker) as TClient
            ?? throw new InvalidOperationException($"The creator of the gRPC client '{name}' made no {typeof(TClient)}.");
    }
}
