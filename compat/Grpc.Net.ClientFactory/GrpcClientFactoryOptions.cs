using Grpc.Core;
using Grpc.Core.Interceptors;
using Grpc.Net.Client;

namespace Grpc.Net.ClientFactory;

/// <summary>How the clients of one name are made.</summary>
public class GrpcClientFactoryOptions
{
    /// <summary>Where the server is. Needed.</summary>
    public Uri? Address { get; set; }

    /// <summary>Run once, when the channel is made.</summary>
    public IList<Action<GrpcChannelOptions>> ChannelOptionsActions { get; } = [];

    /// <summary>The first is the outermost.</summary>
    public IList<InterceptorRegistration> InterceptorRegistrations { get; } = [];

    /// <summary>Run for every call of a client.</summary>
    public IList<Action<CallOptionsContext>> CallOptionsActions { get; } = [];

    /// <summary>Makes the client; null means its constructor that takes a <see cref="CallInvoker"/>.</summary>
    public Func<CallInvoker, object>? Creator { get; set; }

    /// <summary>Like <see cref="ChannelOptionsActions"/>, for what needs the container.</summary>
    internal IList<Action<IServiceProvider, GrpcChannelOptions>> ChannelServiceActions { get; } = [];
}

/// <summary>How long an interceptor made by the factory lives.</summary>
public enum InterceptorScope
{
    /// <summary>As long as the channel: all clients share it.</summary>
    Channel,
    /// <summary>As long as the client, which got it from its own scope.</summary>
    Client,
}

/// <summary>An interceptor of the clients of one name.</summary>
public class InterceptorRegistration(InterceptorScope scope, Func<IServiceProvider, Interceptor> creator)
{
    public InterceptorScope Scope { get; } = scope;

    internal Func<IServiceProvider, Interceptor> Creator { get; } = creator;
}

/// <summary>The options of a call, before it begins; change them by assignment.</summary>
public sealed class CallOptionsContext
{
    internal CallOptionsContext(CallOptions callOptions, IServiceProvider serviceProvider)
    {
        CallOptions = callOptions;
        ServiceProvider = serviceProvider;
    }

    public CallOptions CallOptions { get; set; }

    /// <summary>Of the scope that the client came from.</summary>
    public IServiceProvider ServiceProvider { get; }
}
