using Empire.Gateway.Authentication;
using Empire.Gateway.Requests;
using Empire.Http;
using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.Transforms;

namespace Empire.Gateway.Routing;

internal static class RoutingExtensions
{
    /// <summary>Longer than content asks all its models for one piece: who hangs up before has paid for what they do not get.</summary>
    public static readonly TimeSpan SlowPatience = TimeSpan.FromMinutes(10);

    /// <summary>Destinations come from <c>services:{name}:http:{n}</c>, one per replica; those of gRPC from <c>services:{name}:grpc:{n}</c>. Of several, one that cannot be reached is left out; see <see cref="Unreachable"/>.</summary>
    public static void AddRoutes(this IServiceCollection services, IConfiguration configuration)
    {
        var proxied = RouteTable.All.Index().Where(line => line.Item.Service != RouteTable.Door).ToArray();
        var routes = proxied.Select(line => new RouteConfig
        {
            RouteId = $"{line.Index}",
            ClusterId = line.Item.Cluster,
            Match = new() { Path = line.Item.Path, Methods = line.Item.Matched },
        });
        var patience = TimeSpan.FromSeconds(configuration.GetValue("Gateway:RequestTimeoutSeconds", 60));
        var clusters = proxied.Select(line => line.Item).DistinctBy(route => route.Cluster).Select(route =>
        {
            var replicas = configuration.GetSection($"services:{route.Service}:{(route.Grpc ? "grpc" : "http")}").GetChildren().ToDictionary(replica => replica.Key, replica => new DestinationConfig { Address = replica.Value! });
            return new ClusterConfig
            {
                ClusterId = route.Cluster,
                LoadBalancingPolicy = "PowerOfTwoChoices",
                Destinations = replicas,
                HealthCheck = replicas.Count > 1 ? Unreachable.Checks : null,
                HttpRequest = route.Grpc
                    ? new() { Version = System.Net.HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, ActivityTimeout = TimeSpan.FromMinutes(10) }
                    : new() { ActivityTimeout = route.Slow && patience < SlowPatience ? SlowPatience : patience },
            };
        });
        services.AddSingleton<IPassiveHealthCheckPolicy, Unreachable>();
        services.AddReverseProxy().LoadFromMemory([.. routes], [.. clusters]).ConfigureHttpClient((_, client) => client.ConnectCallback = ReplicaConnection.OpenAsync).AddTransforms(proxy =>
        {
            proxy.AddRequestTransform(request =>
            {
                ReplicaConnection.SendOnce(request.ProxyRequest);
                return ValueTask.CompletedTask;
            });
            var route = RouteTable.All[int.Parse(proxy.Route.RouteId)];
            if (route.Access is Access.Open or Access.Signed)
            {
                proxy.AddResponseTransform(answer =>
                {
                    if (answer.HttpContext.Response.Headers.Remove(Blameless.Header)) Visit.Of(answer.HttpContext).Blameless = true;
                    return ValueTask.CompletedTask;
                });
            }
            if (!route.Grpc) return;
            proxy.AddResponseTransform(answer => // a stream that ends before its first answer has its status here
            {
                if (answer.HttpContext.Response.Headers.ContainsKey("grpc-status")) TellWhyEnded(answer.HttpContext, answer.HttpContext.Response.Headers);
                return ValueTask.CompletedTask;
            });
            proxy.AddResponseTrailersTransform(answer =>
            {
                TellWhyEnded(answer.HttpContext, answer.HttpContext.Features.Get<IHttpResponseTrailersFeature>()?.Trailers);
                return ValueTask.CompletedTask;
            });
        });
    }

    /// <summary>The service saw its client's stream end in peace; the client is told that it was ended, and why.</summary>
    private static void TellWhyEnded(HttpContext context, IHeaderDictionary? where)
    {
        if (where is null || context.Features.Get<OpenStream>()?.Reason is not { } reason) return;
        where["grpc-status"] = reason.Status;
        where["grpc-message"] = reason.Message;
    }

    public static void MapRoutes(this WebApplication app)
    {
        var installed = app.Configuration.GetSection("Gateway:Installed").Get<string[]>() ?? [];
        app.Map("/api/{**unknown}", NotFound).AllowAnonymous();   // an unknown API path is no page of the site
        app.Map("/{**unknown}", NotAllowed).WithOrder(1).AllowAnonymous();   // reading is the site's; what is left would change a page
        app.MapOtherMethods(installed);
        app.MapReverseProxy(proxy =>
        {
            proxy.UseMiddleware<ExplainUnreachable>();
            proxy.UseMiddleware<AnotherReplica>();
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        }).ConfigureEndpoints((endpoint, config) =>
        {
            var route = RouteTable.All[int.Parse(config.RouteId)];
            if (route.Later && installed.Contains(route.Service)) route = route with { Later = false };
            endpoint.WithMetadata(route);
            if (route.Cached) endpoint.WithMetadata(app.Services.GetRequiredService<Caching.TenantCache>());
        }).AllowAnonymous();   // the door has decided by then
    }

    /// <summary>Puts an endpoint of the gateway under the same rules as the proxied ones.</summary>
    public static TBuilder Under<TBuilder>(this TBuilder endpoint, string line) where TBuilder : IEndpointConventionBuilder =>
        endpoint.WithMetadata(RouteTable.Own(line)).WithSummary(RouteTable.Own(line).Summary ?? "").AllowAnonymous();

    public static ServiceRoute? Route(this HttpContext context) => context.GetEndpoint()?.Metadata.GetMetadata<ServiceRoute>();

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult NotAllowed(HttpContext context)
    {
        context.Response.Headers.Allow = "GET, HEAD";
        return new Refusal("method-not-allowed", $"{context.Request.Path} can only be read.").ToProblem(StatusCodes.Status405MethodNotAllowed);
    }

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult NotFound(HttpContext context) =>
        new Refusal("not-found", $"There is no {context.Request.Method} {context.Request.Path}.").ToProblem(StatusCodes.Status404NotFound);
}
