using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>Asks call credentials, whatever they are made of, for the headers of a call.</summary>
sealed class CredentialMetadata : CallCredentialsConfiguratorBase
{
    readonly List<AsyncAuthInterceptor> interceptors = [];

    public static async Task<Metadata> AskAsync(
        CallCredentials? ofChannel, CallCredentials? ofCall, Uri address, IMethod method, CancellationToken ct)
    {
        var parts = new CredentialMetadata();
        ofChannel?.InternalPopulateConfiguration(parts, state: null);
        ofCall?.InternalPopulateConfiguration(parts, state: null);
        var context = new AuthInterceptorContext($"{address.GetLeftPart(UriPartial.Authority)}/{method.ServiceName}", method.Name, ct);
        var metadata = new Metadata();
        foreach (var interceptor in parts.interceptors) await interceptor(context, metadata);
        return metadata;
    }

    public override void SetCompositeCredentials(object? state, IReadOnlyList<CallCredentials> credentials)
    {
        foreach (var part in credentials) part.InternalPopulateConfiguration(this, state);
    }

    public override void SetAsyncAuthInterceptorCredentials(object? state, AsyncAuthInterceptor interceptor) => interceptors.Add(interceptor);
}
