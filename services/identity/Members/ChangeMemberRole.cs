using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Members;

public static class ChangeMemberRole
{
    /// <example>{"role": "viewer"}</example>
    public sealed record Request([Required, OneOf("owner", "admin", "member", "viewer")] string Role);

    /// <example>{"id": "usr_0199f3a17c5b7d3e8a4b5c6d7e8f9043", "role": "viewer"}</example>
    public sealed record Response(string Id, string Role);

    public static async Task<Results<Ok<Response>, NotFound, ProblemHttpResult>> HandleAsync(
        string id, Request request, Caller caller, HttpContext context, Database db, StillManages still, Revocations revocations, CancellationToken ct)
    {
        if (!caller.MayManage()) return Roles.Forbidden.ToProblem(StatusCodes.Status403Forbidden);
        if (!PublicId.TryParse("usr", id, out var user)) return TypedResults.NotFound();
        await using var work = await MemberTable.BeginAsync(db, caller.Tenant, ct);
        if (await MemberTable.LockAsync(work, user, ct, await still.PersonBehindAsync(work, caller, ct)) is not { } standing) return TypedResults.NotFound();
        if (await still.CheckAsync(work, caller, context, ct) is { } over) return over.ToProblem(StatusCodes.Status403Forbidden);
        if (MemberRules.Check(caller, standing.Role, request.Role) is { } refusal) return refusal.ToProblem(StatusCodes.Status403Forbidden);
        if (standing.Pending && standing.Role != request.Role) return StillPending.ToProblem(); // what they say yes to is what they were told
        if (standing.OnlyOwner && request.Role != "owner") return MemberRules.LastOwner.ToProblem();
        if (standing.Role != request.Role)
        {
            await MemberTable.SetRoleAsync(work, user, request.Role, ct);
            work.Audit("member.role-changed", "person", PublicId.Format("usr", user), new { before = standing.Role, after = request.Role });
            await work.CommitAsync(ct);
            await revocations.TenantAsync(caller.Tenant); // a lower role cuts down the keys they made
        }
        return TypedResults.Ok(new Response(PublicId.Format("usr", user), request.Role));
    }

    private static readonly Refusal StillPending = new("still-pending", "They have not accepted yet. Remove them, and add them with the other role.");
}
