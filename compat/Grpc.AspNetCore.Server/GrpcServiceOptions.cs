using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.AspNetCore.Server;

/// <summary>How services treat their calls. What is null falls back to the options of all services, and those to the default.</summary>
public class GrpcServiceOptions
{
    int? maxReceiveMessageSize;
    int? maxSendMessageSize;

    /// <summary>Bytes; 4 MiB by default; null for no limit.</summary>
    public int? MaxReceiveMessageSize
    {
        get => maxReceiveMessageSize;
        set
        {
            maxReceiveMessageSize = value;
            IsMaxReceiveMessageSizeSet = true;
        }
    }

    /// <summary>Bytes; no limit by default.</summary>
    public int? MaxSendMessageSize
    {
        get => maxSendMessageSize;
        set
        {
            maxSendMessageSize = value;
            IsMaxSendMessageSizeSet = true;
        }
    }

    /// <summary>Tells callers what exception a handler threw. For development: the text may hold what callers must not see.</summary>
    public bool? EnableDetailedErrors { get; set; }

    /// <summary>The name of the compression of responses, for callers that accept it; null for none.</summary>
    public string? ResponseCompressionAlgorithm { get; set; }

    public CompressionLevel? ResponseCompressionLevel { get; set; }

    /// <summary>Gzip and deflate by default.</summary>
    public IList<ICompressionProvider> CompressionProviders
    {
        get => Providers ??= Net.Wire.Compressors.Default();
        set => Providers = value;
    }

    /// <summary>In the order in which they see a call. Those of all services stand before those of one.</summary>
    public InterceptorCollection Interceptors { get; } = [];

    /// <summary>Calls to services that are not here get a plain HTTP 404 rather than Unimplemented.</summary>
    public bool? IgnoreUnknownServices { get; set; }

    internal bool IsMaxReceiveMessageSizeSet { get; private set; }

    internal bool IsMaxSendMessageSizeSet { get; private set; }

    internal IList<ICompressionProvider>? Providers { get; private set; }
}

/// <summary>The options of one service, on top of those of all services.</summary>
public class GrpcServiceOptions<TService> : GrpcServiceOptions where TService : class;
