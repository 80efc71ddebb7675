using Empire.Gateway.Authentication;
using Yarp.ReverseProxy.Configuration;

namespace Empire.Gateway.Routing;

internal static class RoutingExtensions
{
    private const string AccessKey = "Access";

    /// <summary>Destinations come from <c>services:{name}:http:{n}</c>, one per replica.</summary>
    public static void AddRoutes(this IServiceCollection services, IConfiguration configuration)
    {
        var routes = RouteTable.All.Select((route, index) => new RouteConfig
        {
            RouteId = $"{index:00}-{route.Service}",
            ClusterId = route.Service,
            Match = new() { Path = route.Path, Methods = route.Access is Access.Public ? ["GET", "HEAD"] : null },
            Metadata = new Dictionary<string, string> { [AccessKey] = route.Access.ToString() },
        });
        var clusters = RouteTable.Services.Select(service => new ClusterConfig
        {
            ClusterId = service,
            LoadBalancingPolicy = "PowerOfTwoChoices",
            Destinations = configuration.GetSection($"services:{service}:http").GetChildren()
                .ToDictionary(replica => replica.Key, replica => new DestinationConfig { Address = replica.Value! }),
            HttpRequest = new() { ActivityTimeout = TimeSpan.FromSeconds(60) },
        });
        services.AddReverseProxy().LoadFromMemory([.. routes], [.. clusters]);
    }

    public static void MapRoutes(this WebApplication app)
    {
        app.Map("/api/{**unknown}", NotFound).AllowAnonymous();   // an unknown API path is no page of the site
        app.MapReverseProxy(proxy =>
        {
            proxy.UseMiddleware<AuthenticateKey>();
            proxy.UseMiddleware<ExplainUnreachable>();
            proxy.UseLoadBalancing();
        }).AllowAnonymous();   // AuthenticateKey decides, per route
    }

    public static Access AccessOf(RouteConfig route) => Enum.Parse<Access>(route.Metadata![AccessKey]);

    private static Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult NotFound(HttpContext context) =>
        new Refusal("not-found", $"There is no {context.Request.Method} {context.Request.Path}.").ToProblem(StatusCodes.Status404NotFound);
}
