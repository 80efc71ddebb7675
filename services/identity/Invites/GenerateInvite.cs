using System.ComponentModel.DataAnnotations;
using Empire.Contracts;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Bounds;
using Empire.Identity.Keys;
using Empire.Identity.Members;
using Empire.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Invites;

/// <summary>Makes an invite. The answer, and the mail where an address is given, are the only places where its code is shown.</summary>
public static class GenerateInvite
{
    private static readonly TimeSpan UsualLife = TimeSpan.FromDays(7);

    /// <example>{"uses": 3, "hours": 48}</example>
    /// <param name="Uses">How many people may sign up with it.</param>
    /// <param name="Hours">Until it expires; left out: 7 days.</param>
    /// <param name="NeverExpires">It stays good until it is used up or withdrawn.</param>
    /// <param name="Email">Only this address may use it, and it is mailed there.</param>
    /// <param name="Role">admin, member or viewer: whoever uses it also joins the inviter's account; left out: they only open one of their own.</param>
    public sealed record Request(
        [Range(1, 100)] int Uses = 1, [Range(1, 24 * 365)] int? Hours = null, bool NeverExpires = false, [EmailAddress, StringLength(320)] string? Email = null,
        [OneOf("admin", "member", "viewer", null)] string? Role = null);

    /// <param name="Link">On this installation: <c>/signup?invite=…</c>.</param>
    /// <example>{"id": "inv_0199f3a17c5b7d3e8a4b5c6d7e8f9044", "code": "the-code-of-this-invite", "link": "/signup?invite=the-code-of-this-invite", "uses": 3, "expires_at": "2026-03-04T08:00:00+00:00"}</example>
    public sealed record Response(string Id, string Code, string Link, int Uses, DateTimeOffset? ExpiresAt);

    public static async Task<Results<Created<Response>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, HttpContext context, Database db, StillManages still, Sealer sealer, IOptions<BoundsOptions> bounds, TimeProvider clock, CancellationToken ct)
    {
        if (!caller.Operator) return InviteEndpoints.OperatorNeeded.ToProblem(StatusCodes.Status403Forbidden);
        if (request.Role is not null && !caller.MayManage()) return Roles.Forbidden.ToProblem(StatusCodes.Status403Forbidden); // who runs the installation may be a mere member of a customer's account
        if (request is { Hours: not null, NeverExpires: true }) throw new InvalidFieldException("never_expires", "not together with hours.");
        if (request is { Email: not null, Uses: > 1 }) throw new InvalidFieldException("uses", "wanted: 1 for an invite made out to an address.");
        var now = clock.GetUtcNow();
        var (id, code, email) = (Guid.CreateVersion7(now), InviteCode.Generate(), request.Email?.ToLowerInvariant());
        DateTimeOffset? expires = request.NeverExpires ? null : now + (request.Hours is { } hours ? TimeSpan.FromHours(hours) : UsualLife);
        await using var work = await db.BeginSystemAsync(ct);
        if (await still.OperatesAsync(work, caller, context, ct) is { } over) return over.ToProblem(StatusCodes.Status403Forbidden);
        await work.ActForAsync(caller.Tenant, ct);
        var maker = await ApiKeyTable.MakerAsync(work, caller, ct);
        if (await InviteTable.FullAsync(work, bounds.Value.Invites, now, ct) is { } full) return full.ToProblem();
        await work.ExecuteAsync(
            """
            insert into invite_codes (id, tenant_id, code, code_prefix, email, role, created_by, uses_remaining, expires_at, created_at)
            values (@id, @Tenant, @hash, @prefix, @email, @Role, @maker, @Uses, @expires, @now)
            """,
            new
            {
                id, caller.Tenant, hash = InviteCode.Hash(code), prefix = code[..InviteCode.PrefixLength], email, request.Role, maker = maker.Name, request.Uses, expires, now,
            }, ct);
        if (email is not null)
        {
            work.Publish(new InviteSent
            {
                TenantId = caller.Tenant.Value, InviteId = id, Email = email, SealedCode = sealer.Seal(code, "mail:invite"), ExpiresAt = expires, OccurredAt = now,
            });
        }
        var publicId = PublicId.Format("inv", id);
        work.Audit("invite.made", "invite", publicId, new { request.Uses, expires_at = expires, request.Role });
        await work.CommitAsync(ct);
        return TypedResults.Created($"/api/v1/identity/invites/{publicId}", new Response(publicId, code, $"/signup?invite={code}", request.Uses, expires));
    }
}
