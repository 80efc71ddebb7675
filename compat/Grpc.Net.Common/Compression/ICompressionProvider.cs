using System.IO.Compression;

namespace Grpc.Net.Compression;

/// <summary>One way of compressing messages, known to both peers by its name.</summary>
public interface ICompressionProvider
{
    /// <summary>As it stands in <c>grpc-encoding</c>.</summary>
    string EncodingName { get; }

    /// <param name="stream">Receives the compressed bytes, and stays open when the compressing stream is disposed.</param>
    /// <param name="compressionLevel">Null means the provider's own default.</param>
    Stream CreateCompressionStream(Stream stream, CompressionLevel? compressionLevel);

    Stream CreateDecompressionStream(Stream stream);
}
