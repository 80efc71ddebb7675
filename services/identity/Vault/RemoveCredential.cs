using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Vault;

public static class RemoveCredential
{
    public static async Task<Results<NoContent, NotFound>> HandleAsync(string id, Caller caller, Database db, CancellationToken ct)
    {
        if (!PublicId.TryParse("cred", id, out var credential)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await work.ExecuteAsync("delete from credentials where id = @credential and tenant_id = @Tenant", new { credential, caller.Tenant }, ct) == 0) return TypedResults.NotFound();
        work.Audit("credential.removed", "credential", PublicId.Format("cred", credential));
        await work.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
