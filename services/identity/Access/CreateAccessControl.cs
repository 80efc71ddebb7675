using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Bounds;
using Empire.Identity.Members;
using Empire.Identity.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Access;

public static class CreateAccessControl
{
    /// <example>{"control_type": "session_timeout", "control_value": "900"}</example>
    /// <param name="ControlType">ip_whitelist or session_timeout.</param>
    /// <param name="ControlValue">Networks in CIDR, comma-separated; or the idle time of sessions in seconds. Of several white lists one must name the address; of several times the shortest holds.</param>
    /// <param name="UserId">For this person of the account alone; left out: for everyone and every key. A white list for everyone that an admin makes does not hold for owners and their keys.</param>
    /// <param name="Force">Also when it shuts out the caller; where it is for everyone, an owner alone may.</param>
    public sealed record Request(
        [Required, StringLength(40)] string ControlType, [Required, StringLength(4000)] string ControlValue, string? UserId = null, bool IsActive = true, bool Force = false);

    public static async Task<Results<Created<AccessControlView>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, HttpContext context, Database db, StillManages still, IOptions<BoundsOptions> bounds, Revocations revocations, TimeProvider clock, CancellationToken ct)
    {
        var (now, value) = (clock.GetUtcNow(), AccessControl.Value(request.ControlType, request.ControlValue));
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await still.CheckAsync(work, caller, context, ct) is { } over) return over.ToProblem(StatusCodes.Status403Forbidden);
        Guid? user = null;
        if (request.UserId is not null)
        {
            user = PublicId.TryParse("usr", request.UserId, out var named) ? named : throw new InvalidFieldException("user_id", "wanted: an id of the form usr_….");
            if (!await work.QuerySingleAsync<bool>("select exists (select from memberships where tenant_id = @Tenant and user_id = @user and not pending)", new { caller.Tenant, user }, ct))
                throw new InvalidFieldException("user_id", "is nobody of this account.");
        }
        var control = new AccessControl
        {
            Id = Guid.CreateVersion7(now), UserId = user, ControlType = request.ControlType, ControlValue = value, IsActive = request.IsActive, ByOwner = caller.Role == "owner",
            CreatedBy = caller.Actor, CreatedAt = now,
        };
        if (await AccessControlRules.CheckAsync(work, caller, control, ct) is { } forbidden) return forbidden.ToProblem(StatusCodes.Status403Forbidden);
        if (await AccessControlTable.FullAsync(work, bounds.Value.AccessControls, ct) is { } full) return full.ToProblem();
        await AccessControlTable.AddAsync(work, control, ct);
        if (await LockOut.CheckAsync(work, caller, user, context, request.Force, ct) is { } refusal) return refusal;
        work.Audit("access-control.made", "access-control", control.PublicId, new { control.ControlType, control.ControlValue, user, control.IsActive });
        await work.CommitAsync(ct);
        await revocations.TenantAsync(caller.Tenant);
        return TypedResults.Created($"/api/v1/identity/access-controls/{control.PublicId}", AccessControlView.Of(control));
    }
}
