using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Tenants;

public static class WhoAmI
{
    /// <example>{"actor": "key:0199f3a17c5b7d3e8a4b5c6d7e8f9014", "role": "owner", "tenant": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9013", "name": "Ada", "tier": "free", "time_zone": "UTC", "is_active": true}</example>
    public sealed record Response(string Actor, string Role, string Tenant, string Name, string Tier, string TimeZone, bool IsActive);

    public static async Task<Results<Ok<Response>, NotFound>> HandleAsync(Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return await TenantTable.FindAsync(work, ct) is { } account
            ? TypedResults.Ok(new Response(caller.Actor, caller.Role, caller.Tenant.ToString(), account.Name, account.Tier, account.TimeZone, account.IsActive))
            : TypedResults.NotFound();
    }
}
