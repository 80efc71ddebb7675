using System.Net.Sockets;
using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>The status of a call that the transport broke.</summary>
static class TransportFailure
{
    public static Status ToStatus(Exception failure)
    {
        var detail = $"The call broke off. {Describe(failure)}";
        return new(CodeOf(failure), detail, failure);
    }

    static StatusCode CodeOf(Exception failure)
    {
        for (var cause = failure; cause is not null; cause = cause.InnerException)
        {
            switch (cause)
            {
                case HttpProtocolException reset: return CodeOfReset(reset.ErrorCode);
                case SocketException: return StatusCode.Unavailable;
                case HttpRequestException { HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError or HttpRequestError.ProxyTunnelError }:
                    return StatusCode.Unavailable;
                case OperationCanceledException: return StatusCode.Cancelled;
            }
        }

        // A connection that ends in the middle shows as a plain IOException.
        return failure is IOException || failure.InnerException is IOException ? StatusCode.Unavailable : StatusCode.Internal;
    }

    /// <remarks>The table "HTTP2 Transport Mapping, Errors" of <c>doc/PROTOCOL-HTTP2.md</c> of the gRPC project.</remarks>
    static StatusCode CodeOfReset(long http2ErrorCode) => http2ErrorCode switch
    {
        0x7 => StatusCode.Unavailable, // REFUSED_STREAM: the server did not begin with it
        0x8 => StatusCode.Cancelled, // CANCEL
        0xb => StatusCode.ResourceExhausted, // ENHANCE_YOUR_CALM
        0xc => StatusCode.PermissionDenied, // INADEQUATE_SECURITY
        _ => StatusCode.Internal,
    };

    static string Describe(Exception failure)
    {
        var description = $"{failure.GetType().Name}: {failure.Message}";
        for (var inner = failure.InnerException; inner is not null; inner = inner.InnerException)
            description += $" {inner.GetType().Name}: {inner.Message}";
        return description;
    }
}
