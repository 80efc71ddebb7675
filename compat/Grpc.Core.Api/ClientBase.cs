using Grpc.Core.Interceptors;

namespace Grpc.Core;

/// <summary>The base of generated clients.</summary>
public abstract class ClientBase<T> : ClientBase where T : ClientBase<T>
{
    protected ClientBase()
    {
    }

    protected ClientBase(ChannelBase channel) : base(channel)
    {
    }

    protected ClientBase(CallInvoker callInvoker) : base(callInvoker)
    {
    }

    protected ClientBase(ClientBaseConfiguration configuration) : base(configuration)
    {
    }

    /// <summary>The same client, naming another host to the server.</summary>
    public T WithHost(string host) => NewInstance(Configuration.WithHost(host));

    protected abstract T NewInstance(ClientBaseConfiguration configuration);
}

/// <inheritdoc cref="ClientBase{T}"/>
public abstract class ClientBase
{
    readonly ClientBaseConfiguration? configuration;

    /// <summary>For test doubles; a call through it throws.</summary>
    protected ClientBase()
    {
    }

    protected ClientBase(ChannelBase channel)
    {
        ArgumentNullException.ThrowIfNull(channel);
        configuration = new(channel.CreateCallInvoker(), host: null);
    }

    protected ClientBase(CallInvoker callInvoker)
    {
        ArgumentNullException.ThrowIfNull(callInvoker);
        configuration = new(callInvoker, host: null);
    }

    protected ClientBase(ClientBaseConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        this.configuration = configuration;
    }

    protected CallInvoker CallInvoker => Configuration.CallInvoker;

    internal ClientBaseConfiguration Configuration =>
        configuration ?? throw new NotSupportedException("This client was made without a channel, as a test double: override the method that was called.");

    /// <summary>Where a client's calls go. Opaque to generated code.</summary>
    protected internal sealed class ClientBaseConfiguration
    {
        readonly CallInvoker unhosted;
        readonly string? host;

        internal ClientBaseConfiguration(CallInvoker callInvoker, string? host)
        {
            unhosted = callInvoker;
            this.host = host;
            CallInvoker = host is null ? callInvoker : new InterceptingCallInvoker(callInvoker, new HostInterceptor(host));
        }

        internal CallInvoker CallInvoker { get; }

        internal ClientBaseConfiguration WithHost(string newHost)
        {
            ArgumentNullException.ThrowIfNull(newHost);
            return new(unhosted, newHost);
        }

        public override string ToString() => host ?? "";
    }
}
