using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Empire.Identity.Bounds;
using Empire.Identity.Members;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Keys;

/// <summary>Makes a key for a program of the tenant. The answer is the only place where the key is ever shown.</summary>
public static class CreateKey
{
    /// <example>{"name": "nightly export", "role": "member", "scopes": ["content:read", "analytics:read"]}</example>
    /// <param name="Role">admin, member or viewer; no more than the caller's own.</param>
    /// <param name="Scopes">As content:read; none allows all that the role allows.</param>
    /// <param name="ExpiresAt">Left out: never, or with the key that makes it where that ends; no later than that.</param>
    public sealed record Request(
        [Required, StringLength(100, MinimumLength = 1)] string Name, [OneOf("admin", "member", "viewer")] string Role = "member", IReadOnlyList<string>? Scopes = null,
        DateTimeOffset? ExpiresAt = null);

    /// <example>{"id": "key_0199f3a17c5b7d3e8a4b5c6d7e8f9014", "name": "reports", "role": "member", "api_key": "gopt_thisIsNotAKeyButLooks1", "scopes": ["content:read"], "expires_at": null}</example>
    public sealed record Response(string Id, string Name, string Role, string ApiKey, IReadOnlyList<string> Scopes, DateTimeOffset? ExpiresAt);

    public static async Task<Results<Created<Response>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, HttpContext context, Database db, StillManages still, IOptions<BoundsOptions> bounds, TimeProvider clock, CancellationToken ct)
    {
        if (!caller.MayManage()) return Roles.Forbidden.ToProblem(StatusCodes.Status403Forbidden);
        var (now, scopes) = (clock.GetUtcNow(), KeyScopes.Parse(request.Scopes));
        if (request.ExpiresAt <= now) throw new InvalidFieldException("expires_at", "wanted: a time in the future.");
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await still.CheckAsync(work, caller, context, ct) is { } refusal) return refusal.ToProblem(StatusCodes.Status403Forbidden);
        var maker = await ApiKeyTable.MakerAsync(work, caller, ct);
        if (!KeyScopes.Cover(maker.Scopes, scopes)) return KeyEndpoints.TooMuch.ToProblem(StatusCodes.Status403Forbidden);
        var expires = request.ExpiresAt ?? maker.ExpiresAt;
        if (expires > maker.ExpiresAt) throw new InvalidFieldException("expires_at", $"wanted: no later than the key that asks ends, {maker.ExpiresAt:O}.");
        if (await ApiKeyTable.FullAsync(work, bounds.Value.Keys, now, ct) is { } full) return full.ToProblem();
        var id = Guid.CreateVersion7(now);
        var key = await ApiKeyTable.IssueAsync(work, id, request.Name, request.Role, scopes, expires, maker.Name, now, ct);
        var publicId = PublicId.Format("key", id);
        work.Audit("key.made", "key", publicId, new { request.Role, scopes, ExpiresAt = expires });
        await work.CommitAsync(ct);
        return TypedResults.Created($"/api/v1/identity/keys/{publicId}", new Response(publicId, request.Name, request.Role, key, scopes, expires));
    }
}
