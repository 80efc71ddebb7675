using System.Diagnostics.CodeAnalysis;
using System.IO.Compression;
using Grpc.Net.Compression;

namespace Grpc.Net.Wire;

/// <summary>The compressions that one side knows, by name.</summary>
sealed class Compressors
{
    readonly Dictionary<string, ICompressionProvider> byName;

    /// <param name="providers">Of two with one name the later counts. Null means gzip and deflate.</param>
    public Compressors(IEnumerable<ICompressionProvider>? providers)
    {
        byName = [];
        foreach (var provider in providers ?? Default()) byName[provider.EncodingName] = provider;
        AcceptEncoding = string.Join(',', [WireNames.Identity, .. byName.Keys]);
    }

    /// <summary>What this side can read, as the value of <c>grpc-accept-encoding</c>.</summary>
    public string AcceptEncoding { get; }

    /// <summary>A new list of the built-in ones.</summary>
    public static List<ICompressionProvider> Default() =>
        [new GzipCompressionProvider(CompressionLevel.Fastest), new DeflateCompressionProvider(CompressionLevel.Fastest)];

    public bool TryGet(string name, [NotNullWhen(true)] out ICompressionProvider? provider) => byName.TryGetValue(name, out provider);

    /// <summary>Is the name in a comma-separated list such as <c>identity, gzip</c>?</summary>
    public static bool IsListed(string name, ReadOnlySpan<char> acceptEncoding)
    {
        foreach (var part in acceptEncoding.Split(','))
        {
            if (acceptEncoding[part].Trim().SequenceEqual(name)) return true;
        }

        return false;
    }
}
