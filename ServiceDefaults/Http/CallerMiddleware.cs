using System.Diagnostics;
using Grpc.AspNetCore.Server;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Empire.Http;

/// <summary>Verifies <see cref="CallerToken.Header"/> and denies by default: an endpoint that does not say <c>AllowAnonymous</c> is reached only with
/// a valid caller, one that says <c>ForRoles</c> only by such a role, and one that changes something by nobody who may only look. The same for HTTP and gRPC, where each
/// service says for itself who may change things.</summary>
internal sealed class CallerMiddleware(RequestDelegate next, CallerToken tokens)
{
    public Task InvokeAsync(HttpContext context)
    {
        var caller = tokens.Verify(context.Request.Headers[CallerToken.Header]);
        Actor.Is(caller?.Actor);
        if (caller is not null)
        {
            context.Features.Set(caller);
            context.Features.Get<IHttpActivityFeature>()?.Activity.SetTag(TenantTag.Name, caller.Tenant.ToString());
        }
        if (tokens.VerifyAddress(context.Request.Headers[ClientAddress.Header]) is { } address) context.Features.Set(new ClientAddress(address));
        if (context.GetEndpoint() is not { } endpoint || endpoint.Metadata.GetMetadata<IAllowAnonymous>() is not null) return next(context);
        if (caller is null)
            return Denial.WriteAsync(context, new(StatusCodes.Status401Unauthorized, "invalid-api-key", "A valid API key is needed."));
        var roles = endpoint.Metadata.GetMetadata<RequiredRoles>()?.Allowed ?? (OnlyReads(context, endpoint) ? null : RequiredRoles.Writers);
        if (roles is not null && !roles.Contains(caller.Role, StringComparer.Ordinal))
            return Denial.WriteAsync(context, new(StatusCodes.Status403Forbidden, "forbidden", $"This needs the role {string.Join(" or ", roles)}."));
        return next(context);
    }

    /// <summary>Every gRPC call is a POST, whatever it asks for, so the method says nothing there.</summary>
    private static bool OnlyReads(HttpContext context, Endpoint endpoint) =>
        HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method) || HttpMethods.IsOptions(context.Request.Method) || endpoint.Metadata.GetMetadata<GrpcMethodMetadata>() is not null;
}

/// <summary>The tag that carries the tenant on a trace's spans; the log formatter reads it from there.</summary>
internal static class TenantTag
{
    public const string Name = "empire.tenant";

    public static void Set(TenantId tenant) => Activity.Current?.SetTag(Name, tenant.ToString());
}
