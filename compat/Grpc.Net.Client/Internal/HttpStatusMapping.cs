using System.Net;
using Grpc.Core;

namespace Grpc.Net.Client.Internal;

/// <summary>The status of an answer that no gRPC server gave: a proxy, a load balancer, an ordinary web server.</summary>
static class HttpStatusMapping
{
    /// <remarks>The table of <c>doc/http-grpc-status-mapping.md</c> of the gRPC project.</remarks>
    public static StatusCode ToStatusCode(HttpStatusCode status) => status switch
    {
        HttpStatusCode.BadRequest or HttpStatusCode.RequestHeaderFieldsTooLarge => StatusCode.Internal,
        HttpStatusCode.Unauthorized => StatusCode.Unauthenticated,
        HttpStatusCode.Forbidden => StatusCode.PermissionDenied,
        HttpStatusCode.NotFound => StatusCode.Unimplemented,
        HttpStatusCode.TooManyRequests or HttpStatusCode.BadGateway or HttpStatusCode.ServiceUnavailable or HttpStatusCode.GatewayTimeout =>
            StatusCode.Unavailable,
        _ => StatusCode.Unknown,
    };
}
