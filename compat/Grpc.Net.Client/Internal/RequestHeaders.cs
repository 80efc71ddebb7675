using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>Puts on a request what the protocol and the caller say of the call.</summary>
static class RequestHeaders
{
    const string UserAgent = "grpc-dotnet/2.71.0 (stand-in)";

    /// <returns>The compression that the caller chose for this call's messages; null for none.</returns>
    public static string? Add(HttpRequestHeaders headers, Metadata? metadata, string acceptEncoding, TimeSpan? timeout)
    {
        headers.TryAddWithoutValidation("TE", "trailers"); // tells proxies that trailers must come through
        headers.TryAddWithoutValidation(WireNames.AcceptEncoding, acceptEncoding);
        if (timeout is { } left) headers.TryAddWithoutValidation(WireNames.Timeout, GrpcTimeout.Format(left));
        var encoding = metadata is null ? null : Add(headers, metadata);
        if (encoding is not null) headers.TryAddWithoutValidation(WireNames.Encoding, encoding);
        if (!headers.NonValidated.Contains("User-Agent")) headers.TryAddWithoutValidation("User-Agent", UserAgent);
        return encoding;
    }

    /// <inheritdoc cref="Add(HttpRequestHeaders, Metadata, string, TimeSpan?)"/>
    public static string? Add(HttpRequestHeaders headers, Metadata metadata)
    {
        string? encoding = null;
        for (var i = 0; i < metadata.Count; i++)
        {
            var entry = metadata[i];
            if (entry.Key == WireNames.CompressionRequest)
            {
                encoding = entry.Value == WireNames.Identity ? null : entry.Value;
                continue;
            }

            if (!WireNames.IsReserved(entry.Key)) headers.TryAddWithoutValidation(entry.Key, MetadataWire.Value(entry));
        }

        return encoding;
    }
}
