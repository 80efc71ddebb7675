using Grpc.Core;
using Grpc.Net.Compression;
using Microsoft.Extensions.Logging;

namespace Grpc.Net.Client;

/// <summary>How a <see cref="GrpcChannel"/> speaks to its server.</summary>
public sealed class GrpcChannelOptions
{
    const int FourMebibytes = 4 * 1024 * 1024;

    /// <summary>Null leaves TLS to the scheme of the address and sends no call credentials.</summary>
    public ChannelCredentials? Credentials { get; set; }

    /// <summary>Bytes; null for no limit.</summary>
    public int? MaxSendMessageSize { get; set; }

    /// <summary>Bytes; 4 MiB by default, null for no limit.</summary>
    public int? MaxReceiveMessageSize { get; set; } = FourMebibytes;

    /// <summary>Null means gzip and deflate.</summary>
    public IList<ICompressionProvider>? CompressionProviders { get; set; }

    public ILoggerFactory? LoggerFactory { get; set; }

    /// <summary>The client to send with. Give this or <see cref="HttpHandler"/>; neither means a handler of the channel's own.</summary>
    public HttpClient? HttpClient { get; set; }

    /// <inheritdoc cref="HttpClient"/>
    public HttpMessageHandler? HttpHandler { get; set; }

    /// <summary>Disposing the channel disposes the given client or handler too.</summary>
    public bool DisposeHttpClient { get; set; }

    /// <summary>A cancelled or late call throws <see cref="OperationCanceledException"/> rather than <see cref="RpcException"/>.</summary>
    public bool ThrowOperationCanceledOnCancellation { get; set; }

    /// <summary>Sends call credentials over plain text too, where anybody between can read them.</summary>
    public bool UnsafeUseInsecureChannelCallCredentials { get; set; }

    public IServiceProvider? ServiceProvider { get; set; }

    /// <summary>HTTP/2 by default.</summary>
    public Version? HttpVersion { get; set; }

    /// <summary>Exactly <see cref="HttpVersion"/> by default.</summary>
    public HttpVersionPolicy? HttpVersionPolicy { get; set; }
}
