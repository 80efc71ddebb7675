using Yarp.ReverseProxy.Forwarder;

namespace Empire.Gateway.Routing;

/// <summary>Turns a service that is down, or too slow, into the error form instead of an empty 502.</summary>
internal sealed class ExplainUnreachable(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);
        if (context.Features.Get<IForwarderErrorFeature>() is not { } fault || context.Response.HasStarted) return;
        if (TooLarge(fault.Exception) is { } tooLarge) throw tooLarge;   // the exception handler knows how to say it
        var service = context.GetReverseProxyFeature().Cluster.Config.ClusterId;
        var (status, refusal) = fault.Error switch
        {
            ForwarderError.RequestCanceled => (StatusCodes.Status499ClientClosedRequest, new Refusal("client-closed-request", "The client went away.")),
            ForwarderError.RequestTimedOut => (StatusCodes.Status504GatewayTimeout, new Refusal("service-timeout", $"{service} did not answer in time.")),
            ForwarderError.RequestBodyClient => (StatusCodes.Status400BadRequest, new Refusal("request-body-broken", "The request body broke off.")),
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
