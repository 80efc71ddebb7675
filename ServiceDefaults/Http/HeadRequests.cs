using Empire.Data;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Http;

public static class HeadRequestExtensions
{
    /// <summary>The client wants the headers alone: a HEAD, also on its way to an endpoint of GET that is reached before all middleware.</summary>
    public static bool IsHead(this HttpContext context) => HttpMethods.IsHead(context.Request.Method) || context.Features.Get<HeadRequests.Head>() is not null;
}

/// <summary>Whatever takes GET takes HEAD (RFC 9110, 9.1): the answer is that of GET without its body, which the server leaves out, and nothing changes, whatever a handler of GET would write down.</summary>
internal static class HeadRequests
{
    public static void AddHeadRequests(this IServiceCollection services)
    {
        services.AddTransient<IStartupFilter, AsGetWhileRouted>();
        services.Configure<StatusCodePagesOptions>(pages =>
        {
            var write = pages.HandleAsync;
            pages.HandleAsync = context =>
            {
                if (context.HttpContext.Response.StatusCode == StatusCodes.Status405MethodNotAllowed) SayHead(context.HttpContext.Response);
                return write(context);
            };
        });
    }

    /// <summary>Routing knows only what an endpoint names.</summary>
    private static void SayHead(HttpResponse response)
    {
        var methods = response.Headers.Allow.SelectMany(line => (line ?? "").Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)).ToList();
        if (methods.IndexOf(HttpMethods.Get) is not (>= 0 and var get) || methods.Contains(HttpMethods.Head)) return;
        methods.Insert(get + 1, HttpMethods.Head);
        response.Headers.Allow = string.Join(", ", methods);
    }

    /// <summary>A HEAD that is on its way to the endpoint of a GET.</summary>
    internal sealed class Head;

    /// <summary>Before routing, which a host puts before everything else: only a filter of the start comes earlier.</summary>
    private sealed class AsGetWhileRouted : IStartupFilter
    {
        public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) => app =>
        {
            app.Use((context, rest) =>
            {
                if (HttpMethods.IsHead(context.Request.Method))
                {
                    context.Request.Method = HttpMethods.Get;
                    context.Features.Set(new Head());
                }
                return rest(context);
            });
            next(app);
        };
    }

    /// <summary>Behind routing: whoever looks at the method from here on sees HEAD.</summary>
    internal sealed class Middleware(RequestDelegate next)
    {
        public Task InvokeAsync(HttpContext context)
        {
            if (!HttpMethods.IsGet(context.Request.Method) || context.Features.Get<Head>() is null) return next(context);
            context.Request.Method = HttpMethods.Head;
            return Rehearsal.RunAsync(() => next(context));
        }
    }
}
