namespace Empire.Gateway.Routing;

/// <summary>Which service answers which path. What stands in no line answers 404.</summary>
internal static class RouteTable
{
    public static IReadOnlyList<ServiceRoute> All { get; } =
    [
        new("identity", "/api/v1/identity/{**rest}"),
        new("identity", "/api/v1/tenants/{**rest}"),

        new("content", "/api/v1/content/{**rest}"),
        new("content", "/api/content/{**rest}"),
        new("content", "/api/recipes/{**rest}"),
        new("content", "/api/seo/{**rest}"),

        new("publishing", "/api/v1/publishing/{**rest}"),
        new("publishing", "/api/v1/publications/{**rest}"),
        new("publishing", "/api/social/{**rest}"),

        new("analytics", "/api/v1/analytics/{**rest}"),
        new("analytics", "/api/conversions/{network}", Access.Signed),
        new("analytics", "/r/{code}", Access.Public),

        new("acquisition", "/api/v1/acquisition/{**rest}"),
        new("autopilot", "/api/v1/autopilot/{**rest}"),

        new("publishing", "/{**page}", Access.Public),   // the site; the least specific, so everything above wins
    ];

    /// <summary>Services that perform irreversible effects: the kill switch reaches each of them.</summary>
    public static IReadOnlyList<string> WithEffects { get; } = ["publishing", "acquisition"];

    public static IReadOnlyList<string> Services { get; } = [.. All.Select(route => route.Service).Distinct()];
}

/// <param name="Path">An ASP.NET Core route pattern; the path is handed on unchanged.</param>
internal sealed record ServiceRoute(string Service, string Path, Access Access = Access.Key);

internal enum Access
{
    /// <summary>Needs an API key.</summary>
    Key,

    /// <summary>Pages and redirects, for anyone; GET and HEAD only.</summary>
    Public,

    /// <summary>The service itself checks the sender's signature over the body.</summary>
    Signed,
}
