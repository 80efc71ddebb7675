using System.Text;
using Grpc.Core;

namespace Grpc.Net.Wire;

/// <summary>Metadata entries as header values: text as it is, bytes in base64.</summary>
static class MetadataWire
{
    public static string Value(Metadata.Entry entry) => entry.IsBinary ? Convert.ToBase64String(entry.RawBytes) : entry.Value;

    /// <summary>Adds what one header line holds; the transport's own headers are passed over.</summary>
    /// <exception cref="FormatException">The value of a binary header is not base64.</exception>
    public static void Add(Metadata metadata, string name, string? value)
    {
        if (WireNames.IsReserved(name)) return;
        var key = name.ToLowerInvariant();
        if (!key.EndsWith(Metadata.BinaryHeaderSuffix, StringComparison.Ordinal))
        {
            metadata.Add(Metadata.Entry.FromWire(key, value ?? ""));
            return;
        }

        // A peer, or a proxy between, may join several values of one binary header with commas, which base64 does not contain.
        foreach (var part in value.AsSpan().Split(','))
            metadata.Add(Metadata.Entry.FromWire(key, FromBase64(value.AsSpan()[part].Trim())));
    }

    /// <summary>Senders may leave the padding out.</summary>
    static byte[] FromBase64(ReadOnlySpan<char> text)
    {
        var missing = -text.Length & 3;
        return missing == 0
            ? Convert.FromBase64String(text.ToString())
            : Convert.FromBase64String(new StringBuilder(text.Length + missing).Append(text).Append('=', missing).ToString());
    }
}
