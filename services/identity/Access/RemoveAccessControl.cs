using Empire.Data;
using Empire.Http;
using Empire.Identity.Members;
using Empire.Identity.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Access;

public static class RemoveAccessControl
{
    /// <param name="force">Also when it shuts out the caller, as taking away the one white list that named their address does.</param>
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> HandleAsync(
        string id, bool? force, Caller caller, HttpContext context, Database db, StillManages still, Revocations revocations, CancellationToken ct)
    {
        if (!PublicId.TryParse("acc", id, out var wanted)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await still.CheckAsync(work, caller, context, ct) is { } over) return over.ToProblem(StatusCodes.Status403Forbidden);
        if (await AccessControlTable.LockAsync(work, wanted, ct) is not { } control) return TypedResults.NotFound();
        if (await AccessControlRules.CheckAsync(work, caller, control, ct) is { } forbidden) return forbidden.ToProblem(StatusCodes.Status403Forbidden);
        await AccessControlTable.RemoveAsync(work, wanted, ct);
        if (await LockOut.CheckAsync(work, caller, control.UserId, context, force ?? false, ct) is { } refusal) return refusal;
        work.Audit("access-control.removed", "access-control", control.PublicId, new { control.ControlType, control.ControlValue });
        await work.CommitAsync(ct);
        await revocations.TenantAsync(caller.Tenant);
        return TypedResults.NoContent();
    }
}
