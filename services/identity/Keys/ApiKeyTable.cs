using Empire.Data;

namespace Empire.Identity.Keys;

internal static class ApiKeyTable
{
    /// <summary>Who holds a key that is not revoked, of a tenant that is active.</summary>
    public static Task<KeyHolder?> FindAsync(Work work, byte[] hash, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<KeyHolder>(
            """
            select k.id, k.tenant_id, k.role, t.tier, t.is_operator and k.role = 'owner' as operator from api_keys k join tenants t using (tenant_id)
            where k.key_hash = @hash and k.revoked_at is null and t.is_active
            """, new { hash }, ct);

    /// <returns>False when the key exists already.</returns>
    public static async Task<bool> AddAsync(Work work, Guid id, string name, string key, string role, string actor, DateTimeOffset now, CancellationToken ct) =>
        await work.ExecuteAsync(
            """
            insert into api_keys (id, tenant_id, name, key_hash, last_four, role, created_by, created_at)
            values (@id, @tenant, @name, @hash, @lastFour, @role, @actor, @now) on conflict (key_hash) do nothing
            """,
            new { id, tenant = work.Tenant, name, hash = ApiKey.Hash(key), lastFour = key[^4..], role, actor, now }, ct) == 1;

    /// <summary>Noted at most once a minute, so that a busy key does not rewrite its row at each call.</summary>
    public static Task TouchAsync(Work work, Guid id, DateTimeOffset now, CancellationToken ct) =>
        work.ExecuteAsync(
            "update api_keys set last_used_at = @now where id = @id and (last_used_at is null or last_used_at < @now - interval '1 minute')",
            new { id, now }, ct);
}

public sealed record KeyHolder(Guid Id, Guid TenantId, string Role, string Tier, bool Operator);
