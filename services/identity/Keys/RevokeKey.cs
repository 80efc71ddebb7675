using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Keys;

/// <summary>Ends a key. The gateway forgets what it cached within <see cref="IdentityGrpc.CacheSeconds"/>.</summary>
public static class RevokeKey
{
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> HandleAsync(string id, Caller caller, Database db, TimeProvider clock, CancellationToken ct)
    {
        if (!caller.MayManage()) return Roles.Forbidden.ToProblem(StatusCodes.Status403Forbidden);
        if (!PublicId.TryParse("key", id, out var key)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var found = await work.ExecuteAsync(
            "update api_keys set revoked_at = coalesce(revoked_at, @now) where id = @key and tenant_id = @Tenant", new { key, caller.Tenant, now = clock.GetUtcNow() }, ct);
        await work.CommitAsync(ct);
        return found == 1 ? TypedResults.NoContent() : TypedResults.NotFound();
    }
}
