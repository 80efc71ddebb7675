using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Bounds;
using Empire.Identity.Members;
using Empire.Identity.Revocation;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Keys;

/// <summary>Puts a new key in the place of an old one, which goes on working for a while, so that no program stands still in between.</summary>
public static class RotateKey
{
    /// <example>{"grace_hours": 24}</example>
    /// <param name="GraceHours">How long the old key still works; 0 ends it at once.</param>
    public sealed record Request([Range(0, 24 * 30)] int GraceHours = 24);

    /// <param name="PreviousExpiresAt">When the old key ends.</param>
    /// <example>{"id": "key_0199f3a17c5b7d3e8a4b5c6d7e8f9014", "name": "reports", "role": "member", "api_key": "gopt_thisIsNotAKeyButLooks1", "previous_expires_at": "2026-03-03T08:00:00+00:00"}</example>
    public sealed record Response(string Id, string Name, string Role, string ApiKey, DateTimeOffset PreviousExpiresAt);

    public static async Task<Results<Created<Response>, NotFound, ProblemHttpResult>> HandleAsync(
        string id, Request? request, Caller caller, HttpContext context, Database db, StillManages still, IOptions<BoundsOptions> bounds, Revocations revocations, TimeProvider clock,
        CancellationToken ct)
    {
        if (!caller.MayManage()) return Roles.Forbidden.ToProblem(StatusCodes.Status403Forbidden);
        if (!PublicId.TryParse("key", id, out var old)) return TypedResults.NotFound();
        var now = clock.GetUtcNow();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await still.CheckAsync(work, caller, context, ct) is { } refusal) return refusal.ToProblem(StatusCodes.Status403Forbidden);
        if (await ApiKeyTable.LockAsync(work, old, ct) is not { } key) return TypedResults.NotFound();
        if (key.Role == "owner" && caller.Role != "owner") return Roles.Forbidden.ToProblem(StatusCodes.Status403Forbidden);
        if (key.Role == "owner" && !caller.Operator && await work.QuerySingleAsync<bool>("select is_operator from tenants where tenant_id = @Tenant", new { caller.Tenant }, ct))
            return Roles.OperatorNeeded.ToProblem(StatusCodes.Status403Forbidden); // such a key may run the installation
        var maker = await ApiKeyTable.MakerAsync(work, caller, ct);
        if (!KeyScopes.Cover(maker.Scopes, key.Scopes)) return KeyEndpoints.TooMuch.ToProblem(StatusCodes.Status403Forbidden);
        if (maker.ExpiresAt is { } last && !(key.ExpiresAt <= last)) return KeyEndpoints.TooMuch.ToProblem(StatusCodes.Status403Forbidden);
        if (key.RevokedAt is not null || key.ReplacedBy is not null || key.ExpiresAt <= now)
            return new Refusal("key-over", "This key has been revoked, rotated or is past its time. Make a new one.").ToProblem();
        var grace = (request ?? new()).GraceHours;
        if (grace > 0 && await ApiKeyTable.FullOfReplacedAsync(work, bounds.Value.Keys, now, ct) is { } full) return full.ToProblem();
        var next = Guid.CreateVersion7(now);
        var secret = await ApiKeyTable.IssueAsync(work, next, key.Name, key.Role, key.Scopes, key.ExpiresAt, maker.Name, now, ct);
        var end = now.AddHours(grace);
        if (key.ExpiresAt < end) end = key.ExpiresAt.Value;
        await work.ExecuteAsync("update api_keys set replaced_by = @next, expires_at = @end where id = @old and tenant_id = @Tenant", new { next, end, old, caller.Tenant }, ct);
        var publicId = PublicId.Format("key", next);
        work.Audit("key.rotated", "key", key.PublicId, new { replaced_by = publicId, ends_at = end });
        await work.CommitAsync(ct);
        await revocations.KeyAsync(key.KeyHash); // gateways ask again, and learn when it ends
        return TypedResults.Created($"/api/v1/identity/keys/{publicId}", new Response(publicId, key.Name, key.Role, secret, end));
    }
}
