using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Empire.Gateway.Routing;

/// <summary>A request for which no connection could be opened has reached nobody, whatever its method, and its body has not been begun: it goes to another replica, while there is one. So a replica that dies, or is about to
/// be replaced, costs no client an answer. One that was sent, and of which nothing is known any more, is never sent again.</summary>
internal sealed class AnotherReplica(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var left = proxy.AvailableDestinations;
        List<DestinationState>? tried = null;
        while (true)
        {
            await next(context);
            if (!Unreachable.IsUnsent(context) || context.Response.HasStarted || context.RequestAborted.IsCancellationRequested || proxy.ProxiedDestination is not { } dead) return;
            (tried ??= []).Add(dead);
            left = [.. left.Where(replica => !tried.Contains(replica))];
            if (left.Count == 0) left = [.. proxy.AllDestinations.Where(replica => !tried.Contains(replica))];   // those that were left out: there is nobody else
            if (left.Count == 0) return;
            proxy.AvailableDestinations = left;
            context.Features.Set<IForwarderErrorFeature>(null);
            context.Response.StatusCode = StatusCodes.Status200OK;
        }
    }
}
