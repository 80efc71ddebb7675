using System.Reflection;
using Microsoft.AspNetCore.Http;

namespace Empire.Http;

/// <summary>Who is asking, as the gateway established it and signed it. A handler takes it as a parameter; a request without one never reaches the handler.</summary>
/// <param name="Actor">For the audit log: <c>user:…</c>, <c>key:…</c> or <c>service:autopilot</c>.</param>
/// <param name="Role">owner, admin, member, viewer or service: what the actor may do within the tenant.</param>
/// <param name="Operator">Also runs this installation: may stop all effects, redrive messages and open accounts. No tenant's role implies it.</param>
/// <param name="Tier">free, professional or enterprise: what <see cref="Tiers.TierTable"/> allows the account. Null in a service's own calls.</param>
public sealed record Caller(TenantId Tenant, string Actor, string Role, bool Operator = false, string? Tier = null)
{
    /// <summary>Bound by minimal APIs from the request that the caller-token middleware has verified.</summary>
    public static ValueTask<Caller?> BindAsync(HttpContext context, ParameterInfo _) => ValueTask.FromResult(context.Features.Get<Caller>());
}
