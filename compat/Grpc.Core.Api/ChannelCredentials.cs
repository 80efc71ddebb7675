namespace Grpc.Core;

/// <summary>How a channel is secured, and which credentials go with each of its calls.</summary>
public abstract class ChannelCredentials
{
    /// <summary>Plain text.</summary>
    public static ChannelCredentials Insecure { get; } = new InsecureCredentials();

    /// <summary>TLS as the HTTP handler is configured for it.</summary>
    public static ChannelCredentials SecureSsl { get; } = new SslCredentials();

    /// <summary>The channel's security, with credentials added to every call.</summary>
    public static ChannelCredentials Create(ChannelCredentials channelCredentials, CallCredentials callCredentials)
    {
        ArgumentNullException.ThrowIfNull(channelCredentials);
        ArgumentNullException.ThrowIfNull(callCredentials);
        return new CompositeChannelCredentials(channelCredentials, callCredentials);
    }

    /// <summary>Shows what these credentials are made of to a transport.</summary>
    public abstract void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object? state);

    sealed class InsecureCredentials : ChannelCredentials
    {
        public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object? state) =>
            configurator.SetInsecureCredentials(state);
    }

    sealed class CompositeChannelCredentials(ChannelCredentials channel, CallCredentials call) : ChannelCredentials
    {
        public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object? state) =>
            configurator.SetCompositeCredentials(state, channel, call);
    }
}

/// <summary>TLS; trust and client certificates are set on the HTTP handler.</summary>
public sealed class SslCredentials : ChannelCredentials
{
    public override void InternalPopulateConfiguration(ChannelCredentialsConfiguratorBase configurator, object? state) =>
        configurator.SetSslCredentials(state);
}

/// <summary>How a transport learns what <see cref="ChannelCredentials"/> are made of.</summary>
public abstract class ChannelCredentialsConfiguratorBase
{
    public abstract void SetInsecureCredentials(object? state);

    public abstract void SetSslCredentials(object? state);

    public abstract void SetCompositeCredentials(object? state, ChannelCredentials channelCredentials, CallCredentials callCredentials);
}
