using System.Diagnostics;
using Empire.Gateway.Routing;

namespace Empire.Gateway.Requests;

/// <summary>One line for each call: which route, how it ended, how long it took, who called. The route's pattern stands there, never the path or the query: they may hold
/// secrets.</summary>
internal sealed partial class CallLog(RequestDelegate next, ILoggerFactory loggers, Health.RecentErrors errors, TimeProvider clock)
{
    /// <summary>Not under "Empire.": lines of that name are traced to their place in the source, which a line per call cannot afford.</summary>
    public const string Category = "Calls";

    private readonly ILogger log = loggers.CreateLogger(Category);

    public async Task InvokeAsync(HttpContext context)
    {
        var started = clock.GetTimestamp();
        var visit = new Visit(Visit.AddressOf(context), context.Route());
        context.Features.Set(visit);
        try
        {
            await next(context);
        }
        finally
        {
            if (context.Response.StatusCode >= 500 && context.Response.StatusCode != StatusCodes.Status501NotImplemented) errors.Add();
            var pattern = visit.Route?.Path ?? (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText ?? "unknown";
            if (log.IsEnabled(LogLevel.Information) && !pattern.StartsWith("/health/", StringComparison.Ordinal))
                LogCall(log, context.Request.Method, pattern, context.Response.StatusCode, (long)clock.GetElapsedTime(started).TotalMilliseconds, visit.Identity?.Caller.Actor ?? "anyone");
            Activity.Current?.SetTag("http.route", pattern);
        }
    }

    [LoggerMessage(1, LogLevel.Information, "{Method} {Route} {Status} in {Milliseconds} ms by {Actor}")]
    private static partial void LogCall(ILogger log, string method, string route, int status, long milliseconds, string actor);
}
