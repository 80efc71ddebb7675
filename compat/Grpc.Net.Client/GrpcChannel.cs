using System.Collections.Concurrent;
using System.Net;
using Grpc.Core;
using Grpc.Net.Client.Internal;
using Grpc.Net.Wire;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Grpc.Net.Client;

/// <summary>A way to one server over HTTP/2. Costly to make and safe to share: keep one per server.</summary>
public sealed class GrpcChannel : ChannelBase, IDisposable
{
    readonly ConcurrentDictionary<IMethod, Uri> addresses = new();
    readonly HttpMessageInvoker http;
    readonly bool ownsHttp;
    readonly ChannelSecurity security;
    readonly bool sendsCallCredentials;
    bool disposed;

    GrpcChannel(Uri address, GrpcChannelOptions options) : base(address.Authority)
    {
        if (options is { HttpClient: not null, HttpHandler: not null })
            throw new ArgumentException("Set HttpClient or HttpHandler, not both.", nameof(options));
        Address = address;
        security = ChannelSecurity.Of(options.Credentials, address);
        sendsCallCredentials = address.Scheme == Uri.UriSchemeHttps || options.UnsafeUseInsecureChannelCallCredentials;
        ownsHttp = options.DisposeHttpClient || options is { HttpClient: null, HttpHandler: null };
        http = options.HttpClient ?? new HttpMessageInvoker(options.HttpHandler ?? OwnHandler(), ownsHttp);
        Compressors = new(options.CompressionProviders);
        MaxReceiveMessageSize = options.MaxReceiveMessageSize;
        MaxSendMessageSize = options.MaxSendMessageSize;
        ThrowOperationCanceledOnCancellation = options.ThrowOperationCanceledOnCancellation;
        HttpVersion = options.HttpVersion ?? System.Net.HttpVersion.Version20;
        HttpVersionPolicy = options.HttpVersionPolicy ?? System.Net.Http.HttpVersionPolicy.RequestVersionExact;
        Log = (ILogger?)options.LoggerFactory?.CreateLogger<GrpcChannel>() ?? NullLogger.Instance;
    }

    internal Uri Address { get; }

    internal Compressors Compressors { get; }

    internal int? MaxReceiveMessageSize { get; }

    internal int? MaxSendMessageSize { get; }

    internal bool ThrowOperationCanceledOnCancellation { get; }

    internal Version HttpVersion { get; }

    internal HttpVersionPolicy HttpVersionPolicy { get; }

    internal ILogger Log { get; }

    public static GrpcChannel ForAddress(string address) => ForAddress(address, new GrpcChannelOptions());

    public static GrpcChannel ForAddress(string address, GrpcChannelOptions channelOptions) => ForAddress(new Uri(address), channelOptions);

    public static GrpcChannel ForAddress(Uri address) => ForAddress(address, new GrpcChannelOptions());

    /// <param name="address">Scheme, host and port; a path is not used.</param>
    /// <exception cref="ArgumentException">The address is not absolute, or its scheme is neither http nor https.</exception>
    public static GrpcChannel ForAddress(Uri address, GrpcChannelOptions channelOptions)
    {
        ArgumentNullException.ThrowIfNull(address);
        ArgumentNullException.ThrowIfNull(channelOptions);
        if (!address.IsAbsoluteUri || (address.Scheme != Uri.UriSchemeHttp && address.Scheme != Uri.UriSchemeHttps))
            throw new ArgumentException($"'{address}' is no address of a gRPC server: http://host:port or https://host:port is needed.", nameof(address));
        return new(address, channelOptions);
    }

    public override CallInvoker CreateCallInvoker()
    {
        ThrowIfDisposed();
        return new HttpCallInvoker(this);
    }

    public void Dispose()
    {
        if (disposed) return;
        disposed = true;
        if (ownsHttp) http.Dispose();
    }

    protected override Task ShutdownAsyncCore()
    {
        Dispose();
        return Task.CompletedTask;
    }

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(disposed, this);

    internal Uri AddressOf(IMethod method) =>
        addresses.GetOrAdd(method, static (method, channel) => new Uri(channel.Address, method.FullName), this);

    /// <summary>The credentials that apply to a call; null for none.</summary>
    internal Func<IMethod, CancellationToken, Task<Metadata>>? CredentialsFor(CallCredentials? ofCall)
    {
        if (ofCall is null && security.CallCredentials is null) return null;
        if (sendsCallCredentials) return (method, ct) => CredentialMetadata.AskAsync(security.CallCredentials, ofCall, Address, method, ct);
        ChannelLog.CredentialsNotSent(Log, Address);
        return null;
    }

    /// <summary>Completes with the headers, before the body is there.</summary>
    internal Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken ct) =>
        http is HttpClient client ? client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct) : http.SendAsync(request, ct);

    static SocketsHttpHandler OwnHandler() => new()
    {
        // One connection takes as many calls as the server allows, 100 as a rule; the 101st would wait.
        EnableMultipleHttp2Connections = true,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        UseCookies = false,
    };
}

static partial class ChannelLog
{
    [LoggerMessage(1, LogLevel.Warning, "Call credentials are not sent to {Address}, which has no TLS")]
    public static partial void CredentialsNotSent(ILogger log, Uri address);

    [LoggerMessage(2, LogLevel.Debug, "Call {Method} ended with {StatusCode}: {Detail}")]
    public static partial void CallFailed(ILogger log, string method, StatusCode statusCode, string detail);
}
