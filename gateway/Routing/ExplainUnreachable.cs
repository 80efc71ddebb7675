using Yarp.ReverseProxy.Forwarder;

namespace Empire.Gateway.Routing;

/// <summary>Turns a service that is down, or too slow, into the error form instead of an empty 502.</summary>
internal sealed class ExplainUnreachable(RequestDelegate next)
{
    private static readonly (int, Refusal) Gone = (StatusCodes.Status499ClientClosedRequest, new("client-closed-request", "The client went away."));

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.Features.Get<IForwarderErrorFeature>() is not { } fault || context.Response.HasStarted) return;
        if (TooLarge(fault.Exception) is { } tooLarge) throw tooLarge;   // the exception handler knows how to say it
        var service = context.GetReverseProxyFeature().Cluster.Config.ClusterId;
        // An answer that stalls after its headers is called by YARP a fault of the reader, whom it has not reached yet; only the exception tells that nothing came in time.
        var (status, refusal) = fault.Error switch
        {
            ForwarderError.RequestCanceled => Gone,
            ForwarderError.RequestBodyClient => (StatusCodes.Status400BadRequest, new Refusal("request-body-broken", "The request body broke off.")),
            _ when fault.Exception is OperationCanceledException && context.RequestAborted.IsCancellationRequested => Gone,
            _ when fault.Error is ForwarderError.RequestTimedOut || fault.Exception is OperationCanceledException =>
                (StatusCodes.Status504GatewayTimeout, new Refusal("timeout", $"{service} did not answer in time.")),
            _ => (StatusCodes.Status503ServiceUnavailable, new Refusal("service-unavailable", $"{service} is not reachable right now. Try again shortly.")),
        };
        if (status == StatusCodes.Status503ServiceUnavailable) context.Response.Headers.RetryAfter = "2";
        await refusal.ToProblem(status).ExecuteAsync(context);
    }

    private static BadHttpRequestException? TooLarge(Exception? exception) => exception switch
    {
        null => null,
        BadHttpRequestException { StatusCode: StatusCodes.Status413PayloadTooLarge } bad => bad,
        AggregateException aggregate => aggregate.InnerExceptions.Select(TooLarge).FirstOrDefault(found => found is not null),
        _ => TooLarge(exception.InnerException),
    };
}
