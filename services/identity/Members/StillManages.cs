using Empire.Data;
using Empire.Http;
using Empire.Identity.Sessions;
using Empire.Identity.Tokens;

namespace Empire.Identity.Members;

/// <summary>Looks again, inside the work itself, whether its caller may manage the account. The gateway looked when the request's headers came, and its body may take its time: whoever was removed, lowered,
/// signed out or revoked meanwhile must leave nothing behind that outlives them (ADR 0152). What was looked at is held fast until the work ends, so that such an act comes wholly before it or wholly after it,
/// and then sees what was made.</summary>
public sealed class StillManages(AccessTokens tokens, TimeProvider clock)
{
    private const string Bearer = "Bearer ", KeyPrefix = "key:";

    private static readonly Refusal NoMore = new("forbidden", "What you came in by holds no more, or you may do less here than before. Sign in again, or use another key.");

    /// <param name="work">Of the account, or narrowed to it. Asked before anything else is locked, as removals lock in this order: the membership, the session, the key.</param>
    /// <returns>Null while they may.</returns>
    internal async Task<Refusal?> CheckAsync(Work work, Caller caller, HttpContext context, CancellationToken ct)
    {
        if (!caller.MayManage()) return Roles.Forbidden;
        var holds = caller.IsPerson(out var user) ? await PersonAsync(work, caller, user, context, ct)
            : !caller.Actor.StartsWith(KeyPrefix, StringComparison.Ordinal) || !Guid.TryParseExact(caller.Actor.AsSpan(KeyPrefix.Length), "N", out var key) || await KeyAsync(work, caller, key, ct);
        return holds ? null : NoMore;
    }

    private async Task<bool> PersonAsync(Work work, Caller caller, Guid user, HttpContext context, CancellationToken ct)
    {
        var role = await work.QuerySingleOrDefaultAsync<string>("select role from memberships where tenant_id = @Tenant and user_id = @user for share", new { work.Tenant, user }, ct);
        if (!Covers(role, caller)) return false;
        var header = context.Request.Headers.Authorization.ToString();
        var id = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase) ? tokens.Verify(header[Bearer.Length..].Trim()) : null;
        var hash = id is null && SessionCookie.Of(context) is { } cookie ? SessionToken.Hash(cookie) : null;
        if (id is null && hash is null) return true; // by a service, which has no session
        return await work.QuerySingleOrDefaultAsync<Guid?>(
            "select id from sessions where tenant_id = @Tenant and user_id = @user and (id = @id or token_hash = @hash) for key share", new { work.Tenant, user, id, hash }, ct) is not null;
    }

    private async Task<bool> KeyAsync(Work work, Caller caller, Guid key, CancellationToken ct)
    {
        // Keys end with the person who made them: their membership first, as whoever removes them does.
        await work.ExecuteAsync(
            """
            select from memberships where tenant_id = @Tenant and 'user:' || replace(user_id::text, '-', '') = (select created_by from api_keys where id = @key and tenant_id = @Tenant) for share
            """, new { work.Tenant, key }, ct);
        var role = await work.QuerySingleOrDefaultAsync<string>(
            "select role from api_keys where id = @key and tenant_id = @Tenant and revoked_at is null and (expires_at is null or expires_at > @now) for no key update",
            new { work.Tenant, key, now = clock.GetUtcNow() }, ct);
        return Covers(role, caller);
    }

    /// <param name="role">Theirs by now; null: none.</param>
    private static bool Covers(string? role, Caller caller) => role is not null && Rank(role) >= Rank(caller.Role);

    private static int Rank(string role) => Roles.Ranked.TakeWhile(ranked => ranked != role).Count();
}
