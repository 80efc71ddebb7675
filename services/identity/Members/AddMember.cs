using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Bounds;
using Empire.Identity.People;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Members;

/// <summary>Takes somebody who has signed up into the account. Somebody new is sent an invite first.</summary>
public static class AddMember
{
    /// <example>{"email": "grace@example.com", "role": "member"}</example>
    public sealed record Request([Required, StringLength(1000)] string Email, [OneOf("owner", "admin", "member", "viewer")] string Role = "member");

    public static async Task<Results<Created<ListMembers.Item>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, HttpContext context, Database db, StillManages still, IOptions<BoundsOptions> bounds, TimeProvider clock, CancellationToken ct)
    {
        if (MemberRules.Check(caller, null, request.Role) is { } refusal) return refusal.ToProblem(StatusCodes.Status403Forbidden);
        var (email, now) = (EmailAddress.Parse(request.Email), clock.GetUtcNow());
        await using var work = await MemberTable.BeginAsync(db, caller.Tenant, ct);
        if (await still.CheckAsync(work, caller, context, ct) is { } over) return over.ToProblem(StatusCodes.Status403Forbidden);
        if (await UserTable.FindAsync(work, email, ct) is not { } person)
            return new Refusal("no-such-person", "Nobody has signed up with this address; send them an invite.").ToProblem(StatusCodes.Status404NotFound);
        if (await MemberTable.RoleOfAsync(work, caller.Tenant, person.Id, ct) is null && await MemberTable.FullAsync(work, person.Id, bounds.Value, ct) is { } full) return full.ToProblem();
        if (!await MemberTable.AddAsync(work, person.Id, request.Role, now, ct)) return new Refusal("already-member", "They belong to this account already.").ToProblem();
        work.Audit("member.added", "person", PublicId.Format("usr", person.Id), new { request.Role });
        await work.CommitAsync(ct);
        var id = PublicId.Format("usr", person.Id);
        return TypedResults.Created($"/api/v1/identity/members/{id}", new ListMembers.Item(id, person.Email, person.Name, request.Role, now, person.LastLoginAt));
    }
}
