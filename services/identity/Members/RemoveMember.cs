using Empire.Data;
using Empire.Http;
using Empire.Identity.Administrators;
using Empire.Identity.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Members;

/// <summary>Ends a membership, or takes back the asking; everybody may end their own. What the person made stays the account's, what they could get in by does not.</summary>
public static class RemoveMember
{
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> HandleAsync(
        string id, Caller caller, HttpContext context, Database db, StillManages still, Revocations revocations, TimeProvider clock, CancellationToken ct)
    {
        var leaving = PublicId.TryParse("usr", id, out var user) && caller.IsPerson(out var self) && self == user;
        if (!leaving && !caller.MayManage()) return Roles.Forbidden.ToProblem(StatusCodes.Status403Forbidden);
        await using var work = await MemberTable.BeginAsync(db, caller.Tenant, ct);
        if (await MemberTable.LockAsync(work, user, ct, await still.PersonBehindAsync(work, caller, ct)) is not { } standing) return TypedResults.NotFound();
        var leavesNone = await MemberTable.BeyondAsync(work, () => InstallationAdmins.LeavesNoneAsync(work, user, [caller.Tenant.Value], ct), ct);
        if (await (leaving ? still.StandsAsync(work, caller, context, ct) : still.CheckAsync(work, caller, context, ct)) is { } over) return over.ToProblem(StatusCodes.Status403Forbidden);
        if (!leaving && MemberRules.Check(caller, standing.Role, null) is { } refusal) return refusal.ToProblem(StatusCodes.Status403Forbidden);
        if (standing.OnlyOwner) return MemberRules.LastOwner.ToProblem();
        if (leavesNone) return InstallationAdmins.LastOne.ToProblem();
        await MemberTable.RemoveAsync(work, user, clock.GetUtcNow(), ct);
        work.Audit(leaving ? "member.left" : "member.removed", "person", PublicId.Format("usr", user), new { standing.Role });
        await work.CommitAsync(ct);
        await revocations.TenantAsync(caller.Tenant); // the keys they made end at every gateway now
        return TypedResults.NoContent();
    }
}
