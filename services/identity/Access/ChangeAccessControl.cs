using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Members;
using Empire.Identity.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Access;

public static class ChangeAccessControl
{
    /// <example>{"control_value": "1800", "is_active": true}</example>
    /// <param name="ControlValue">Left out: as it is.</param>
    /// <param name="IsActive">Left out: as it is.</param>
    /// <param name="Force">Also when it shuts out the caller; where it is for everyone, an owner alone may.</param>
    public sealed record Request([StringLength(4000)] string? ControlValue = null, bool? IsActive = null, bool Force = false);

    public static async Task<Results<Ok<AccessControlView>, NotFound, ProblemHttpResult>> HandleAsync(
        string id, Request request, Caller caller, HttpContext context, Database db, StillManages still, Revocations revocations, CancellationToken ct)
    {
        if (!PublicId.TryParse("acc", id, out var wanted)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await still.CheckAsync(work, caller, context, ct) is { } over) return over.ToProblem(StatusCodes.Status403Forbidden);
        if (await AccessControlTable.LockAsync(work, wanted, ct) is not { } before) return TypedResults.NotFound();
        if (await AccessControlRules.CheckAsync(work, caller, before, ct) is { } forbidden) return forbidden.ToProblem(StatusCodes.Status403Forbidden);
        var after = before with
        {
            ControlValue = request.ControlValue is null ? before.ControlValue : AccessControl.Value(before.ControlType, request.ControlValue),
            IsActive = request.IsActive ?? before.IsActive,
            ByOwner = caller.Role == "owner",
        };
        await AccessControlTable.SaveAsync(work, after, ct);
        if (await LockOut.CheckAsync(work, caller, before.UserId, context, request.Force, ct) is { } refusal) return refusal;
        work.Audit("access-control.changed", "access-control", after.PublicId, new { after.ControlValue, after.IsActive, before = new { before.ControlValue, before.IsActive } });
        await work.CommitAsync(ct);
        await revocations.TenantAsync(caller.Tenant);
        return TypedResults.Ok(AccessControlView.Of(after));
    }
}
