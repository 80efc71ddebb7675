using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>What a channel's credentials ask for.</summary>
sealed class ChannelSecurity : ChannelCredentialsConfiguratorBase
{
    ChannelSecurity()
    {
    }

    /// <summary>Null leaves it to the scheme of the address.</summary>
    public bool? IsTls { get; private set; }

    /// <summary>Sent with every call of the channel.</summary>
    public CallCredentials? CallCredentials { get; private set; }

    /// <exception cref="InvalidOperationException">The credentials and the scheme of the address contradict each other.</exception>
    public static ChannelSecurity Of(ChannelCredentials? credentials, Uri address)
    {
        var security = new ChannelSecurity();
        credentials?.InternalPopulateConfiguration(security, state: null);
        var isHttps = address.Scheme == Uri.UriSchemeHttps;
        if (security.IsTls is { } isTls && isTls != isHttps)
        {
            throw new InvalidOperationException(
                $"The channel's address {address} has the scheme '{address.Scheme}' and its credentials {(isTls ? "need TLS" : "forbid TLS")}.");
        }

        return security;
    }

    public override void SetInsecureCredentials(object? state) => IsTls = false;

    public override void SetSslCredentials(object? state) => IsTls = true;

    public override void SetCompositeCredentials(object? state, ChannelCredentials channelCredentials, CallCredentials callCredentials)
    {
        channelCredentials.InternalPopulateConfiguration(this, state);
        CallCredentials = callCredentials;
    }
}
