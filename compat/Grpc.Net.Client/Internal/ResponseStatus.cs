using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using Grpc.Core;
using Grpc.Net.Wire;

namespace Grpc.Net.Client.Internal;

/// <summary>Reads status and metadata from the headers and trailers of an HTTP response.</summary>
static class ResponseStatus
{
    /// <summary>The status of an answer without a body, or what makes the answer no gRPC; null when messages may follow.</summary>
    public static Status? BeforeBody(HttpResponseMessage response)
    {
        if (TryRead(response.Headers, out var trailersOnly)) return trailersOnly;
        if (response.StatusCode != HttpStatusCode.OK)
        {
            return new Status(
                HttpStatusMapping.ToStatusCode(response.StatusCode),
                $"Bad gRPC response. HTTP status code: {(int)response.StatusCode}");
        }

        var contentType = response.Content.Headers.ContentType?.ToString();
        if (!WireNames.IsContentType(contentType))
            return new Status(StatusCode.Cancelled, $"Bad gRPC response. Invalid content-type value: {contentType ?? "none"}");
        return null;
    }

    /// <summary>The status after the last message.</summary>
    public static Status AfterBody(HttpResponseMessage response) =>
        TryRead(response.TrailingHeaders, out var status) ? status : new Status(StatusCode.Internal, "The response ended without a grpc-status.");

    /// <summary>How the server compresses; null when it does not say.</summary>
    public static string? Encoding(HttpResponseMessage response) => FirstValue(response.Headers, WireNames.Encoding);

    public static Metadata Metadata(HttpHeaders headers)
    {
        var metadata = new Metadata();
        foreach (var (name, values) in headers.NonValidated)
        {
            foreach (var value in values) MetadataWire.Add(metadata, name, value);
        }

        return metadata;
    }

    static bool TryRead(HttpHeaders headers, out Status status)
    {
        status = default;
        if (FirstValue(headers, WireNames.Status) is not { } number) return false;
        var message = FirstValue(headers, WireNames.Message) is { } encoded ? PercentEncoding.Decode(encoded) : "";
        var known = int.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out var code) && code <= (int)StatusCode.Unauthenticated;
        status = known ? new((StatusCode)code, message) : new(StatusCode.Unknown, $"The server sent the unknown status '{number}'. {message}");
        return true;
    }

    static string? FirstValue(HttpHeaders headers, string name)
    {
        if (!headers.NonValidated.TryGetValues(name, out var values)) return null;
        foreach (var value in values) return value;
        return null;
    }
}
