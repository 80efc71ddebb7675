using Empire.Data;
using Empire.Http;
using Empire.Identity.Members;
using Empire.Identity.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Keys;

/// <summary>Ends a key, at every gateway at once; without Redis the gateways notice within <see cref="IdentityGrpc.CacheSeconds"/>.</summary>
public static class RevokeKey
{
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> HandleAsync(
        string id, Caller caller, HttpContext context, Database db, StillManages still, Revocations revocations, TimeProvider clock, CancellationToken ct)
    {
        if (!caller.MayManage()) return Roles.Forbidden.ToProblem(StatusCodes.Status403Forbidden);
        if (!PublicId.TryParse("key", id, out var key)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await still.CheckAsync(work, caller, context, ct) is { } refusal) return refusal.ToProblem(StatusCodes.Status403Forbidden);
        if (await ApiKeyTable.LockAsync(work, key, ct) is not { } row) return TypedResults.NotFound();
        if (row.Role == "owner" && caller.Role != "owner") return Roles.Forbidden.ToProblem(StatusCodes.Status403Forbidden);
        await work.ExecuteAsync("update api_keys set revoked_at = coalesce(revoked_at, @now) where id = @key and tenant_id = @Tenant", new { key, caller.Tenant, now = clock.GetUtcNow() }, ct);
        work.Audit("key.revoked", "key", row.PublicId);
        await work.CommitAsync(ct);
        await revocations.KeyOverAsync(row.KeyHash, key);
        return TypedResults.NoContent();
    }
}
