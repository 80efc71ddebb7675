using Grpc.AspNetCore.Server.Internal;
using Microsoft.AspNetCore.Http;

namespace Grpc.Core;

public static class ServerCallContextExtensions
{
    internal const string HttpContextKey = "__HttpContext";

    /// <summary>The request that carries the call.</summary>
    /// <remarks>A context of one's own, in a test, says it in <c>UserState["__HttpContext"]</c>.</remarks>
    /// <exception cref="InvalidOperationException">The call did not come over HTTP.</exception>
    public static HttpContext GetHttpContext(this ServerCallContext serverCallContext)
    {
        ArgumentNullException.ThrowIfNull(serverCallContext);
        if (serverCallContext is HttpServerCallContext call) return call.Http;
        return serverCallContext.UserState.TryGetValue(HttpContextKey, out var http) && http is HttpContext context
            ? context
            : throw new InvalidOperationException($"This {serverCallContext.GetType().Name} belongs to no HTTP request.");
    }
}
