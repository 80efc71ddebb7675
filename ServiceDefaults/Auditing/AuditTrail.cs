using Empire.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Empire.Auditing;

/// <summary>The request under way, as the audit log tells of it. It follows the request into whatever work it does.</summary>
internal sealed class AuditTrail(HttpContext context, Endpoint endpoint)
{
    private const int LongestValue = 200;
    private static readonly AsyncLocal<AuditTrail?> Now = new();
    private bool over;

    /// <summary>Null outside a request that may change something, and once it is answered: work that outlives its request is not its doing.</summary>
    public static AuditTrail? Current => Now.Value is { over: false } trail ? trail : null;

    /// <summary>The endpoint's name, or the method and route where it has none; a gRPC method's full name.</summary>
    public string Action { get; } = endpoint switch
    {
        _ when IsGrpc(context) => context.Request.Path.Value!.TrimStart('/'),
        _ when endpoint.Metadata.GetMetadata<IEndpointNameMetadata>() is { } named => named.EndpointName,
        RouteEndpoint route => $"{context.Request.Method} {route.RoutePattern.RawText}",
        _ => context.Request.Method,
    };

    /// <summary>The last fixed word of the path: keys in <c>/api/v1/identity/keys/{id}</c>.</summary>
    public string EntityType { get; } = LastWord(endpoint) ?? "request";

    public string? EntityId { get; } = LastValue(context, endpoint);

    public object? Details { get; } = context.Request.RouteValues.Count == 0
        ? null
        : context.Request.RouteValues.ToDictionary(value => value.Key, value => Shortened(value.Value));

    public string? Address { get; } = ClientAddress.Of(context);

    public Caller? Caller { get; } = context.Features.Get<Caller>();

    /// <summary>Runs a request under its trail.</summary>
    public async Task FollowAsync(RequestDelegate next)
    {
        Now.Value = this;
        try { await next(context); }
        finally { over = true; }
    }

    private static bool IsGrpc(HttpContext context) => context.Request.ContentType?.StartsWith("application/grpc", StringComparison.Ordinal) is true;

    private static string? LastWord(Endpoint endpoint) =>
        (endpoint as RouteEndpoint)?.RoutePattern.PathSegments.LastOrDefault(segment => segment.IsSimple && segment.Parts[0].IsLiteral)?.Parts[0] is
            Microsoft.AspNetCore.Routing.Patterns.RoutePatternLiteralPart literal ? literal.Content : null;

    private static string? LastValue(HttpContext context, Endpoint endpoint) =>
        (endpoint as RouteEndpoint)?.RoutePattern.Parameters is [.., var last] ? Shortened(context.Request.RouteValues[last.Name]) : null;

    private static string? Shortened(object? value) => value?.ToString() is { } text ? text[..Math.Min(text.Length, LongestValue)] : null;
}

/// <summary>Lays a trail for every request that may change something. It stands innermost, so that the kernel's own bookkeeping around a request is not taken for it.</summary>
internal sealed class AuditMiddleware(RequestDelegate next)
{
    public Task InvokeAsync(HttpContext context) =>
        context.GetEndpoint() is { } endpoint && !HttpMethods.IsGet(context.Request.Method) && !HttpMethods.IsHead(context.Request.Method) && !HttpMethods.IsOptions(context.Request.Method)
            ? new AuditTrail(context, endpoint).FollowAsync(next)
            : next(context);
}
