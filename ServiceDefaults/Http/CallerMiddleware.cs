using System.Diagnostics;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Empire.Http;

/// <summary>Verifies <see cref="CallerToken.Header"/> and denies by default: an endpoint that does not say <c>AllowAnonymous</c> is reached only with
/// a valid caller, and one that says <c>ForRoles</c> only by such a role. The same for HTTP and gRPC.</summary>
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
        if (endpoint.Metadata.GetMetadata<RequiredRoles>() is { } roles && !roles.Allowed.Contains(caller.Role, StringComparer.Ordinal))
            return Denial.WriteAsync(context, new(StatusCodes.Status403Forbidden, "forbidden", $"This needs the role {string.Join(" or ", roles.Allowed)}."));
        return next(context);
    }
}

/// <summary>The tag that carries the tenant on a trace's spans; the log formatter reads it from there.</summary>
internal static class TenantTag
{
    public const string Name = "empire.tenant";

    public static void Set(TenantId tenant) => Activity.Current?.SetTag(Name, tenant.ToString());
}
