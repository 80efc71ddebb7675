using System.IO.Compression;
using Grpc.Net.Wire;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>The options that hold for a service's methods, settled once when it is mapped.</summary>
sealed class MethodSettings
{
    const int FourMebibytes = 4 * 1024 * 1024;

    /// <exception cref="InvalidOperationException">Responses are to be compressed in a way that no provider knows.</exception>
    public MethodSettings(GrpcServiceOptions all, GrpcServiceOptions own)
    {
        MaxReceiveMessageSize = own.IsMaxReceiveMessageSizeSet ? own.MaxReceiveMessageSize
            : all.IsMaxReceiveMessageSizeSet ? all.MaxReceiveMessageSize : FourMebibytes;
        MaxSendMessageSize = own.IsMaxSendMessageSizeSet ? own.MaxSendMessageSize : all.MaxSendMessageSize;
        EnableDetailedErrors = own.EnableDetailedErrors ?? all.EnableDetailedErrors ?? false;
        Compressors = new(own.Providers ?? all.Providers);
        ResponseCompressionAlgorithm = own.ResponseCompressionAlgorithm ?? all.ResponseCompressionAlgorithm;
        ResponseCompressionLevel = own.ResponseCompressionLevel ?? all.ResponseCompressionLevel;
        Interceptors = [.. all.Interceptors, .. own.Interceptors];
        if (ResponseCompressionAlgorithm is not (null or WireNames.Identity) && !Compressors.TryGet(ResponseCompressionAlgorithm, out _))
        {
            throw new InvalidOperationException(
                $"ResponseCompressionAlgorithm is '{ResponseCompressionAlgorithm}', and CompressionProviders knows {Compressors.AcceptEncoding}.");
        }
    }

    public int? MaxReceiveMessageSize { get; }

    public int? MaxSendMessageSize { get; }

    public bool EnableDetailedErrors { get; }

    public Compressors Compressors { get; }

    public string? ResponseCompressionAlgorithm { get; }

    public CompressionLevel? ResponseCompressionLevel { get; }

    public IReadOnlyList<InterceptorRegistration> Interceptors { get; }
}
