using Empire.Data;
using Empire.Http;
using Empire.Identity.Members;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Invites;

/// <summary>Withdraws an invite: its link opens nothing any more.</summary>
public static class RevokeInvite
{
    public static async Task<Results<NoContent, NotFound, ProblemHttpResult>> HandleAsync(
        string id, Caller caller, HttpContext context, Database db, StillManages still, CancellationToken ct)
    {
        if (!caller.Operator) return InviteEndpoints.OperatorNeeded.ToProblem(StatusCodes.Status403Forbidden);
        if (!PublicId.TryParse("inv", id, out var invite)) return TypedResults.NotFound();
        await using var work = await db.BeginSystemAsync(ct);
        if (await still.OperatesAsync(work, caller, context, ct) is { } over) return over.ToProblem(StatusCodes.Status403Forbidden);
        await work.ActForAsync(caller.Tenant, ct);
        var found = await work.ExecuteAsync("update invite_codes set is_active = false where id = @invite and tenant_id = @Tenant", new { invite, caller.Tenant }, ct);
        if (found == 0) return TypedResults.NotFound();
        work.Audit("invite.revoked", "invite", PublicId.Format("inv", invite));
        await work.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
