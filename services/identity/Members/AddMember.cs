using System.ComponentModel.DataAnnotations;
using Empire.Contracts;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Bounds;
using Empire.Identity.People;
using Empire.Identity.Tenants;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Members;

/// <summary>Asks somebody who has signed up to join the account. Until they accept, by switching to it, they are listed as <c>pending</c>: nothing is told of them, and they are nobody there. Somebody new is sent an invite first.</summary>
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
        if (await MemberTable.IsListedAsync(work, email, ct)) return AlreadyThere();
        if (await MemberTable.TakeAskAsync(work, email, bounds.Value, now, ct) is { } full) return full.ToProblem();
        if (await UserTable.HoldAsync(work, email, ct) is not { } person) return await CountedAsync(Nobody.ToProblem(StatusCodes.Status404NotFound));
        if (await MemberTable.AskedFullAsync(work, person.Id, bounds.Value.Accounts, ct) is { } waiting) return await CountedAsync(waiting.ToProblem());
        if (!await MemberTable.AskAsync(work, person.Id, request.Role, now, ct)) return AlreadyThere();
        var account = (await TenantTable.FindAsync(work, ct))!;
        var id = PublicId.Format("usr", person.Id);
        work.Publish(new MemberAdded { TenantId = caller.Tenant.Value, UserId = person.Id, Email = person.Email, AccountName = account.Name, Role = request.Role, EmailVerified = person.EmailVerifiedAt is not null, OccurredAt = now });
        work.Audit("member.added", "person", id, new { request.Role });
        await work.CommitAsync(ct);
        return TypedResults.Created($"/api/v1/identity/members/{id}", new ListMembers.Item(id, person.Email, null, request.Role, true, now, null));

        // Whether somebody has the address has been told.
        async Task<ProblemHttpResult> CountedAsync(ProblemHttpResult answer)
        {
            work.NothingToAudit();
            await work.CommitAsync(ct);
            return answer;
        }
    }

    private static readonly Refusal Nobody = new("no-such-person", "Nobody has signed up with this address; send them an invite.");

    private static ProblemHttpResult AlreadyThere() => new Refusal("already-member", "They belong to this account already, or are asked to.").ToProblem();
}
