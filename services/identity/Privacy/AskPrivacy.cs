using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Bounds;
using Empire.Identity.Administrators;
using Empire.Identity.Members;
using Empire.Identity.People;
using Empire.Security;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Privacy;

/// <summary>A person asks for their data, or to be forgotten; or an owner or admin asks it for somebody of the account, and then for this account alone: an admin for nobody who is an owner.</summary>
public static class AskPrivacy
{
    /// <example>{}</example>
    /// <param name="UserId">Left out: oneself.</param>
    public sealed record ExportRequest(string? UserId = null);

    /// <example>{"confirm": "ada@example.com"}</example>
    /// <param name="Confirm">The person's e-mail address: forgetting cannot be undone.</param>
    /// <param name="UserId">Left out: oneself.</param>
    public sealed record ErasureRequest([Required, StringLength(320)] string Confirm, string? UserId = null);

    public static async Task<Results<Accepted<PrivacyView>, NotFound, ProblemHttpResult>> ExportAsync(
        ExportRequest? request, Caller caller, HttpContext context, Database db, StillManages still, Sealer sealer, PrivacyProcess process, IOptions<BoundsOptions> bounds, TimeProvider clock, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        var (person, own, refusal) = await WhoAsync(work, request?.UserId, caller, ct);
        if (refusal is not null) return refusal.ToProblem(StatusCodes.Status403Forbidden);
        if (person is null) return TypedResults.NotFound();
        if (await (own ? still.StandsAsync(work, caller, context, ct) : still.CheckAsync(work, caller, context, ct)) is { } over) return over.ToProblem(StatusCodes.Status403Forbidden);
        if (await PrivacyTable.FullAsync(work, person.Id, caller.Tenant, own, bounds.Value.Exports, ct) is { } full) return full.ToProblem();
        var asked = Made(PrivacyRequest.Export, person, own, caller, "running", clock.GetUtcNow(), TimeSpan.Zero, sealer);
        await PrivacyTable.AddAsync(work, asked, ct);
        await process.BeginExportAsync(work, asked, person.Email, ct);
        return await AcceptedAsync(work, asked, caller, ct);
    }

    public static async Task<Results<Accepted<PrivacyView>, NotFound, ProblemHttpResult>> ErasureAsync(
        ErasureRequest request, Caller caller, HttpContext context, Database db, StillManages still, Sealer sealer, IOptions<PrivacyOptions> options, TimeProvider clock, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        var (person, own, refusal) = await WhoAsync(work, request.UserId, caller, ct);
        if (refusal is not null) return refusal.ToProblem(StatusCodes.Status403Forbidden);
        if (person is null) return TypedResults.NotFound();
        if (!string.Equals(request.Confirm.Trim(), person.Email, StringComparison.OrdinalIgnoreCase))
            throw new InvalidFieldException("confirm", "wanted: the e-mail address of the person to be forgotten.");
        var accounts = own ? await work.QueryAsync<Guid>("select tenant_id from memberships where user_id = @Id order by tenant_id", new { person.Id }, ct) : [caller.Tenant.Value];
        var behind = await still.PersonBehindAsync(work, caller, ct);
        foreach (var account in accounts)
        {
            await work.ActForAsync(new(account), ct);
            if (await OwnData.MayLeaveAsync(work, person.Id, ct, behind) is { } kept) return kept.ToProblem();
        }
        if (await InstallationAdmins.LeavesNoneAsync(work, person.Id, [.. accounts], ct)) return InstallationAdmins.LastOne.ToProblem();
        if (await (own ? still.StandsAsync(work, caller, context, ct) : still.CheckAsync(work, caller, context, ct)) is { } over) return over.ToProblem(StatusCodes.Status403Forbidden);
        await work.ActForAsync(caller.Tenant, ct);
        var asked = Made(PrivacyRequest.Erasure, person, own, caller, "waiting", clock.GetUtcNow(), options.Value.ErasureGrace, sealer);
        await PrivacyTable.AddAsync(work, asked, ct); // a second one at the same time is a conflict
        return await AcceptedAsync(work, asked, caller, ct);
    }

    private static PrivacyRequest Made(string kind, Person person, bool own, Caller caller, string state, DateTimeOffset now, TimeSpan grace, Sealer sealer) => new()
    {
        Id = Guid.CreateVersion7(now), TenantId = caller.Tenant.Value, Kind = kind, UserId = person.Id, WholePerson = own,
        SealedEmail = sealer.Seal(person.Email, PrivacyProcess.EmailPurpose), RequestedBy = caller.Actor, State = state, DueAt = now + grace, CreatedAt = now,
    };

    private static async Task<Accepted<PrivacyView>> AcceptedAsync(Work work, PrivacyRequest asked, Caller caller, CancellationToken ct)
    {
        var view = PrivacyView.Of(asked, await PrivacyTable.PartsAsync(work, asked.Id, ct));
        await work.ActForAsync(caller.Tenant, ct);
        work.Audit($"{asked.Kind}.asked", "person", PublicId.Format("usr", asked.UserId), new { request = view.Id });
        await work.CommitAsync(ct);
        return TypedResults.Accepted($"/api/v1/identity/privacy/{asked.Kind}s/{view.Id}", view);
    }

    private static async Task<(Person? Person, bool Own, Refusal? Refusal)> WhoAsync(Work work, string? userId, Caller caller, CancellationToken ct)
    {
        if (userId is null) return caller.IsPerson(out var self) ? (await UserTable.FindAsync(work, self, ct), true, null) : (null, false, Roles.PersonNeeded);
        if (!PublicId.TryParse("usr", userId, out var named)) return (null, false, null);
        if (caller.IsPerson(out var own) && own == named) return (await UserTable.FindAsync(work, own, ct), true, null);
        if (!caller.MayManage()) return (null, false, Roles.Forbidden);
        if (await MemberTable.RoleWithinAsync(work, caller.Tenant, named, ct) is not { } role) return (null, false, null);
        return MemberRules.Check(caller, role, null) is { } refusal ? (null, false, refusal) : (await UserTable.FindAsync(work, named, ct), false, null);
    }
}
