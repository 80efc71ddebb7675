using System.Globalization;
using Grpc.Core;
using Grpc.Net.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Primitives;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>Writes how a call ended.</summary>
static class ResponseStatus
{
    static readonly StringValues[] Numbers =
        [.. Enum.GetValues<StatusCode>().Select(code => new StringValues(((int)code).ToString(CultureInfo.InvariantCulture)))];

    /// <summary>Into the trailers; into the headers when nothing has been sent yet, which makes an answer without a body.</summary>
    public static void Write(HttpResponse response, Status status, Metadata? trailers)
    {
        var target = response.HasStarted
            ? response.HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers
                ?? throw new InvalidOperationException("The server sends no trailers, which gRPC needs.")
            : response.Headers;
        target[WireNames.Status] = Numbers[(int)status.StatusCode];
        if (!string.IsNullOrEmpty(status.Detail)) target[WireNames.Message] = PercentEncoding.Encode(status.Detail);
        if (trailers is not null) Add(target, trailers);
    }

    public static void Add(IHeaderDictionary target, Metadata metadata)
    {
        foreach (var entry in metadata)
        {
            if (!WireNames.IsReserved(entry.Key)) target.Append(entry.Key, MetadataWire.Value(entry));
        }
    }
}
