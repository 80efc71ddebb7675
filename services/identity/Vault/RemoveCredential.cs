using Empire.Data;
using Empire.Http;
using Empire.Identity.Members;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Vault;

public static class RemoveCredential
{
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> HandleAsync(
        string id, Caller caller, HttpContext context, Database db, StillManages still, CancellationToken ct)
    {
        if (!PublicId.TryParse("cred", id, out var credential)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await still.CheckAsync(work, caller, context, ct) is { } refusal) return refusal.ToProblem(StatusCodes.Status403Forbidden);
        if (await work.ExecuteAsync("delete from credentials where id = @credential and tenant_id = @Tenant", new { credential, caller.Tenant }, ct) == 0) return TypedResults.NotFound();
        work.Audit("credential.removed", "credential", PublicId.Format("cred", credential));
        await work.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
