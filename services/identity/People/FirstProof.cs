using Empire.Data;
using Empire.Identity.Keys;
using Empire.Identity.Revocation;
using Empire.Identity.SecondFactor;
using Empire.Identity.Security;
using Empire.Identity.Sessions;

namespace Empire.Identity.People;

/// <summary>Anybody can sign up with somebody else's address and furnish the account. When its holder comes, by a new password whose mail is the first proof of the address, every way in that was made
/// before ends: nobody had proved to be them then (ADR 0141).</summary>
public sealed class FirstProof(SecondFactors factors, Revocations revocations)
{
    /// <summary>Accounts that the person opened. In an account of others they end only what they made themselves.</summary>
    private const string OwnAccounts =
        "select tenant_id from memberships m join tenants t using (tenant_id) where m.user_id = @user and m.role = 'owner' and not m.pending and m.created_at = t.created_at";

    private const string Waiting = "state = 'waiting' and (requested_by = @actor or tenant_id = any(@own))";

    /// <summary>Holds fast the erasures that <see cref="TakeOverAsync"/> would cancel, before anything else is locked: an erasure that begins holds its request before it waits for links and places.</summary>
    /// <param name="work">Over all tenants.</param>
    internal static async Task HoldAsync(Work work, Guid user, CancellationToken ct)
    {
        if (await UserTable.IsVerifiedAsync(work, user, ct)) return;
        var own = await OwnAsync(work, user, ct);
        await work.ExecuteAsync($"select from privacy_requests where {Waiting} order by id for update", new { own, actor = Roles.ActorOf(user) }, ct);
    }

    /// <param name="work">Over all tenants; whether the person has proved the address is its caller's to know.</param>
    /// <returns>Whether anything ended.</returns>
    internal async Task<bool> TakeOverAsync(Work work, Guid user, DateTimeOffset now, CancellationToken ct)
    {
        // Whoever makes a key holds their membership while they do: what they make is there to be ended, or they come after this and are nobody any more.
        await work.ExecuteAsync(
            $"select from memberships where user_id = @user or tenant_id in ({OwnAccounts}) order by tenant_id, user_id for update", new { user }, ct);
        var factor = await factors.IsOnAsync(work, user, ct);
        await factors.TurnOffAsync(work, user, ct);
        await SessionTable.EndAllAsync(work, user, but: null, ct);
        var own = await OwnAsync(work, user, ct);
        var actor = Roles.ActorOf(user);
        var keys = await work.QueryAsync<EndedKey>(
            "update api_keys set revoked_at = @now where revoked_at is null and created_by <> @Setup and (created_by = @actor or tenant_id = any(@own)) returning id, tenant_id, key_hash",
            new { now, ApiKeyTable.Setup, actor, own }, ct);
        var people = await work.ExecuteAsync("delete from memberships where tenant_id = any(@own) and user_id <> @user", new { own, user }, ct);
        var rest = await work.ExecuteAsync(
            $"""
            delete from sessions where tenant_id = any(@own);
            delete from one_time_tokens where user_id = @user;
            update invite_codes set is_active = false where is_active and (created_by = @actor or tenant_id = any(@own));
            delete from access_controls where tenant_id = any(@own);
            update privacy_requests set state = 'cancelled', sealed_email = null where {Waiting}
            """, new { own, user, actor }, ct);
        work.AfterCommit(async () =>
        {
            foreach (var key in keys) await revocations.KeyOverAsync(key.KeyHash, key.Id);
            foreach (var tenant in own.Concat(keys.Select(key => key.TenantId)).Distinct()) await revocations.TenantAsync(new(tenant));
        });
        if (!factor && keys.Count == 0 && people == 0) return rest > 0;
        if (await UserTable.HomeAsync(work, user, ct) is { } home)
        {
            await work.ActForAsync(home, ct);
            await SecurityEventTable.AddAsync(
                work, "address-first-proved", PublicId.Format("usr", user),
                "A new password has proved the address for the first time. Keys, a second factor, people and invites from before then were ended: whoever made them had not proved to be you.",
                new { keys = keys.Count, second_factor = factor, people }, ct);
        }
        return true;
    }

    private static async Task<Guid[]> OwnAsync(Work work, Guid user, CancellationToken ct) => [.. await work.QueryAsync<Guid>(OwnAccounts, new { user }, ct)];

    private sealed record EndedKey
    {
        public Guid Id { get; init; }
        public Guid TenantId { get; init; }
        public byte[] KeyHash { get; init; } = [];
    }
}
