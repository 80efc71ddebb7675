using System.Text;
using Microsoft.AspNetCore.Http.Features;

namespace Empire.Sandbox.Faults;

/// <summary>Stands between a caller and every emulated provider: logs the request and lets the armed fault happen to it.</summary>
public sealed class FaultMiddleware(RequestDelegate next, FaultBook faults, RequestLog log, TimeProvider clock)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var path = context.Request.Path.Value ?? "/";
        if (Provider.OfPath(path) is not { } provider)
        {
            await next(context);
            return;
        }
        var body = await ReadBodyAsync(context.Request);
        var fault = faults.Take(provider, context.Request.Method, path);
        var at = clock.GetUtcNow();
        var cut = false;
        try
        {
            if (fault is { LatencyMs: > 0 and var latency, Kind: not FaultKind.Late })
                await Task.Delay(TimeSpan.FromMilliseconds(latency), clock, context.RequestAborted);
            cut = await AnswerAsync(context, provider, fault);
        }
        finally
        {
            log.Add(new(at, provider, context.Request.Method, path, WithoutKeys(context.Request.Query), body, cut ? 0 : context.Response.StatusCode, fault?.Kind));
        }
        if (cut) context.Abort();
    }

    /// <returns>Whether the connection shall now break.</returns>
    async Task<bool> AnswerAsync(HttpContext context, string provider, Fault? fault)
    {
        switch (fault?.Kind)
        {
            case FaultKind.TooManyRequests:
                await ProviderError.WriteAsync(context, provider, 429, fault.RetryAfterS ?? 1);
                return false;
            case FaultKind.ServerError:
                await ProviderError.WriteAsync(context, provider, 500, retryAfterSeconds: null);
                return false;
            case FaultKind.RevokedKey:
                foreach (var header in (string[])["Authorization", "x-api-key", "X-Shopify-Access-Token"])
                    if (context.Request.Headers.ContainsKey(header)) context.Request.Headers[header] = RevokedKey(provider, header);
                await next(context);
                return false;
            case FaultKind.CutBefore:
                return true;
            case FaultKind.CutAfter:
                await IntoBufferAsync(context);
                return true;
            case FaultKind.Late:
                var completion = new EarlyCompletion(context.Features.GetRequiredFeature<IHttpResponseFeature>());
                context.Features.Set<IHttpResponseFeature>(completion);
                var late = await IntoBufferAsync(context);
                context.Features.Set(completion.Response);
                await completion.CompleteAsync();
                await Task.Delay(TimeSpan.FromMilliseconds(fault.LatencyMs!.Value), clock, context.RequestAborted);
                await context.Response.Body.WriteAsync(late, context.RequestAborted);
                return false;
            case FaultKind.Malformed:
                var answer = await IntoBufferAsync(context);
                context.Response.ContentLength = null;
                context.Response.Headers.Remove("Content-Encoding");
                await context.Response.Body.WriteAsync(answer.AsMemory(0, answer.Length / 2), context.RequestAborted);
                return false;
            default:
                await next(context);
                return false;
        }
    }

    /// <summary>Those that take any key for a new account's refuse only none.</summary>
    static string RevokedKey(string provider, string header) =>
        provider is Provider.OpenAi or Provider.OpenRouter or Provider.X ? "" : header == "Authorization" ? "Bearer invalid" : "invalid";

    /// <summary>Lets the request take its whole effect, but keeps the answer from the caller.</summary>
    async Task<byte[]> IntoBufferAsync(HttpContext context)
    {
        var wire = context.Response.Body;
        using var buffer = new MemoryStream();
        context.Response.Body = buffer;
        try
        {
            await next(context);
        }
        finally
        {
            context.Response.Body = wire;
        }
        return buffer.ToArray();
    }

    static async Task<string> ReadBodyAsync(HttpRequest request)
    {
        request.EnableBuffering();
        using var reader = new StreamReader(request.Body, Encoding.UTF8, leaveOpen: true);
        var body = await reader.ReadToEndAsync(request.HttpContext.RequestAborted);
        request.Body.Position = 0;
        return body;
    }

    static string WithoutKeys(IQueryCollection query) =>
        string.Join('&', query.Select(q => q.Key.Contains("token", StringComparison.OrdinalIgnoreCase) ? $"{q.Key}=…" : $"{q.Key}={q.Value}"));
}
