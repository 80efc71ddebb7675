using Grpc.Core;
using Grpc.Net.Wire;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Grpc.AspNetCore.Server.Internal;

/// <summary>The answers to calls of what is not here.</summary>
static class Unimplemented
{
    public static Task Method(HttpContext http) => Answer(http, "Method is unimplemented.");

    public static Task Service(HttpContext http) => Answer(http, "Service is unimplemented.");

    static Task Answer(HttpContext http, string detail)
    {
        http.Response.ContentType = WireNames.ContentType;
        ResponseStatus.Write(http.Response, new(StatusCode.Unimplemented, detail), trailers: null);
        return Task.CompletedTask;
    }

    /// <summary>Lets a route match gRPC calls only, so that an ordinary request of the same shape still gets its 404.</summary>
    public sealed class OnlyGrpcCalls : IRouteConstraint
    {
        public bool Match(HttpContext? httpContext, IRouter? route, string routeKey, RouteValueDictionary values, RouteDirection routeDirection) =>
            httpContext is not null && HttpMethods.IsPost(httpContext.Request.Method) && WireNames.IsContentType(httpContext.Request.ContentType);
    }
}
