using Empire.Data;
using Empire.Http;
using Empire.Identity.Keys;
using Empire.Identity.Sessions;
using Empire.Identity.Tokens;

namespace Empire.Identity.Members;

/// <summary>Looks again, inside the work itself, whether its caller may do what they are about to do. The gateway looked when the request's headers came, and its body may take its time: whoever was removed,
/// lowered, signed out or revoked meanwhile must leave nothing behind that outlives them, nor take anything away from those who removed them (ADR 0152). What was looked at is held fast until the
/// work ends, so that such an act comes wholly before it or wholly after it, and then sees what was made.</summary>
/// <remarks>Rows are locked in one order: memberships by person, people, sessions, keys, then whatever is changed.</remarks>
public sealed class StillManages(AccessTokens tokens, TimeProvider clock)
{
    private const string Bearer = "Bearer ", KeyPrefix = "key:";

    private static readonly Refusal NoMore = new("forbidden", "What you came in by holds no more, or you may do less here than before. Sign in again, or use another key.");

    /// <summary>For what owners and admins of an account do.</summary>
    /// <param name="work">Of the caller's account, or over all. Asked before anything else is locked but memberships and people.</param>
    /// <returns>Null while they may.</returns>
    internal async Task<Refusal?> CheckAsync(Work work, Caller caller, HttpContext context, CancellationToken ct) =>
        caller.MayManage() ? await StandsAsync(work, caller, context, ct) : Roles.Forbidden;

    /// <summary>For what anybody does in their own name: they still belong to the account, may do no less there, and what they came in by still holds.</summary>
    /// <param name="inTurn">Take the person's turn, too, in the one order: for what ends all sessions next.</param>
    /// <inheritdoc cref="CheckAsync"/>
    internal async Task<Refusal?> StandsAsync(Work work, Caller caller, HttpContext context, CancellationToken ct, bool inTurn = false)
    {
        if (caller.IsPerson(out var user))
        {
            if (!await BelongsAsync(work, caller, user, ct)) return NoMore;
            if (inTurn) await SessionTable.TakeTurnAsync(work, user, ct);
            return await IsInAsync(work, caller, user, context, ct) ? null : NoMore;
        }
        if (!IsKey(caller, out var key)) return null;
        await HoldMakerAsync(work, caller, key, ct);
        return await HoldsAsync(work, caller, key, ct) ? null : NoMore;
    }

    /// <summary>For what is done by who runs this installation.</summary>
    /// <param name="work">Over all accounts; people are seen by no other.</param>
    /// <param name="everyAdmin">Hold every admin fast, not only the caller: for whoever changes another's place next.</param>
    /// <inheritdoc cref="CheckAsync"/>
    internal async Task<Refusal?> OperatesAsync(Work work, Caller caller, HttpContext context, CancellationToken ct, bool everyAdmin = false)
    {
        if (!caller.Operator) return Roles.OperatorNeeded;
        if (caller.IsPerson(out var user))
            return await BelongsAsync(work, caller, user, ct) && await IsAdminAsync(work, user, everyAdmin, ct) && await IsInAsync(work, caller, user, context, ct) ? null : NoMore;
        if (!IsKey(caller, out var key)) return null;
        var maker = await HoldMakerAsync(work, caller, key, ct);
        var runs = maker == ApiKeyTable.Setup || (Roles.PersonOf(maker) is { } person && await IsAdminAsync(work, person, everyAdmin, ct));
        return runs && await HoldsAsync(work, caller, key, ct)
            && await work.QuerySingleOrDefaultAsync<bool>("select is_operator from tenants where tenant_id = @Tenant", new { caller.Tenant }, ct) ? null : NoMore;
    }

    /// <summary>Whose membership <see cref="CheckAsync"/> will hold: the caller's, or that of whoever made their key. For those who hold others' first, in the one order.</summary>
    internal async Task<Guid?> PersonBehindAsync(Work work, Caller caller, CancellationToken ct) =>
        caller.IsPerson(out var user) ? user : IsKey(caller, out var key) ? Roles.PersonOf(await MakerAsync(work, caller, key, ct)) : null;

    private static bool IsKey(Caller caller, out Guid key)
    {
        key = default;
        return caller.Actor.StartsWith(KeyPrefix, StringComparison.Ordinal) && Guid.TryParseExact(caller.Actor.AsSpan(KeyPrefix.Length), "N", out key);
    }

    private static async Task<bool> BelongsAsync(Work work, Caller caller, Guid user, CancellationToken ct) =>
        Covers(await work.QuerySingleOrDefaultAsync<string>("select role from memberships where tenant_id = @Tenant and user_id = @user and not pending for share", new { caller.Tenant, user }, ct), caller);

    private static async Task<bool> IsAdminAsync(Work work, Guid user, bool everyAdmin, CancellationToken ct) =>
        (everyAdmin
            ? await work.QueryAsync<Guid>("select id from users where role = 'admin' order by id for update", ct: ct)
            : await work.QueryAsync<Guid>("select id from users where role = 'admin' and id = @user for share", new { user }, ct)).Contains(user);

    private async Task<bool> IsInAsync(Work work, Caller caller, Guid user, HttpContext context, CancellationToken ct)
    {
        var header = context.Request.Headers.Authorization.ToString();
        var byToken = header.StartsWith(Bearer, StringComparison.OrdinalIgnoreCase);
        if (!byToken && SessionCookie.Of(context) is null) return true; // by a service, which has no session
        var id = byToken ? tokens.SessionOf(header[Bearer.Length..].Trim()) : null; // it was good when the headers came; whether it still is, its session says
        var hash = !byToken && SessionCookie.Of(context) is { } cookie ? SessionToken.Hash(cookie) : null;
        return await work.QuerySingleOrDefaultAsync<Guid?>(
            "select id from sessions where tenant_id = @Tenant and user_id = @user and (id = @id or token_hash = @hash) for key share", new { caller.Tenant, user, id, hash }, ct) is not null;
    }

    private static Task<string?> MakerAsync(Work work, Caller caller, Guid key, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<string>("select created_by from api_keys where id = @key and tenant_id = @Tenant", new { caller.Tenant, key }, ct);

    /// <summary>Keys end with the person who made them: their membership first, as whoever removes them does.</summary>
    private static async Task<string?> HoldMakerAsync(Work work, Caller caller, Guid key, CancellationToken ct)
    {
        var maker = await MakerAsync(work, caller, key, ct);
        if (Roles.PersonOf(maker) is { } user) await work.ExecuteAsync("select from memberships where tenant_id = @Tenant and user_id = @user for share", new { caller.Tenant, user }, ct);
        return maker;
    }

    private async Task<bool> HoldsAsync(Work work, Caller caller, Guid key, CancellationToken ct) =>
        Covers(await work.QuerySingleOrDefaultAsync<string>(
            "select role from api_keys where id = @key and tenant_id = @Tenant and revoked_at is null and (expires_at is null or expires_at > @now) for no key update",
            new { caller.Tenant, key, now = clock.GetUtcNow() }, ct), caller);

    /// <param name="role">Theirs by now; null: none.</param>
    private static bool Covers(string? role, Caller caller) => role is not null && Rank(role) >= Rank(caller.Role);

    private static int Rank(string role) => Roles.Ranked.TakeWhile(ranked => ranked != role).Count();
}
