using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Access;
using Empire.Identity.Bounds;
using Empire.Identity.Members;
using Empire.Identity.People;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Sessions;

/// <summary>Goes on in another account of the same person; one that has asked them to join is accepted by it. The session gets a new id, since it may do other things now.</summary>
public static class SwitchTenant
{
    /// <example>{"tenant": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9012"}</example>
    public sealed record Request([Required] TenantId? Tenant);

    public static async Task<Results<Ok<SignIn.Response>, NotFound, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, HttpContext context, Database db, SessionIssuer issuer, ProfileReader profiles, IOptions<BoundsOptions> bounds, TimeProvider clock, CancellationToken ct)
    {
        if (!caller.IsPerson(out var user)) return Roles.PersonNeeded.ToProblem(StatusCodes.Status403Forbidden);
        var tenant = request.Tenant!.Value;
        await using var work = await db.BeginSystemAsync(ct);
        if (await ThisSession.FindOfBrowserAsync(work, context, user, ct) is not { } session) return ThisSession.Needed.ToProblem(StatusCodes.Status403Forbidden);
        var place = await work.QuerySingleOrDefaultAsync<Place>(
            """
            select role, is_active from memberships join tenants using (tenant_id)
            where tenant_id = @tenant and user_id = @user and (not pending or exists (select from users where id = @user and email_verified_at is not null)) for update of memberships
            """, new { tenant, user }, ct);
        if (place is null) return TypedResults.NotFound(); // also where they are asked by an address that they have not proved: it is not theirs to know
        if (!place.IsActive) return Inactive.ToProblem(StatusCodes.Status403Forbidden);
        if (!await AccessControlTable.AdmitAsync(work, tenant, user, place.Role, context.Features.Get<ClientAddress>(), ct)) return NetworkRefused.ToProblem(StatusCodes.Status403Forbidden);
        work.Audit("session.switched", "person", PublicId.Format("usr", user), new { tenant });
        if (await MemberTable.AcceptAsync(work, tenant, user, bounds.Value.Accounts, clock.GetUtcNow(), ct) is { } refusal) return NotAccepted(refusal);
        if (await issuer.StartAsync(work, context, user, tenant, session, clock.GetUtcNow(), ct) is not { } token) return ThisSession.Needed.ToProblem(StatusCodes.Status403Forbidden);
        var profile = await profiles.ReadAsync(work, user, tenant, ct);
        await work.CommitAsync(ct);
        SessionCookie.Set(context, token);
        return TypedResults.Ok(new SignIn.Response("success", profile, SessionToken.AntiforgeryOf(token)));
    }

    /// <param name="refusal">Of <see cref="MemberTable.AcceptAsync"/>: no room for one more is a conflict.</param>
    internal static ProblemHttpResult NotAccepted(Refusal refusal) => refusal.ToProblem(refusal == MemberTable.Unconfirmed ? StatusCodes.Status403Forbidden : StatusCodes.Status409Conflict);

    private sealed record Place(string Role, bool IsActive);

    private static readonly Refusal NetworkRefused = new("network-not-allowed", "This account may not be used from this address.");

    internal static Refusal Inactive { get; } = new("account-inactive", "The account is closed.");
}
