using Empire.Data;
using Empire.Http;
using Empire.Identity.Bounds;

namespace Empire.Identity.Keys;

internal static class ApiKeyTable
{
    /// <summary>Who made a key that the installation's own configuration names.</summary>
    public const string Setup = "setup";

    /// <summary>Who holds a key that is neither revoked nor expired; also of an account that is closed. An owner key of the operator's account runs the installation while the
    /// person who made it does; that of the configuration always.</summary>
    public static Task<KeyHolder?> FindAsync(Work work, byte[] hash, DateTimeOffset now, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<KeyHolder>(
            """
            select k.id, k.tenant_id, k.role, t.tier, t.is_active, k.scopes, k.expires_at,
              case when t.is_operator and k.role = 'owner' then k.created_by = @Setup or exists (
                select from users u where u.role = 'admin' and u.id = case when k.created_by ~ '^user:[0-9a-f]{32}$' then substr(k.created_by, 6)::uuid end) else false end as operator,
              array(select control_value from access_controls a
                where a.tenant_id = k.tenant_id and a.user_id is null and a.is_active and a.control_type = 'ip_whitelist'
                and (a.by_owner or k.role <> 'owner')) as networks
            from api_keys k join tenants t using (tenant_id)
            where k.key_hash = @hash and k.revoked_at is null and (k.expires_at is null or k.expires_at > @now)
            """, new { hash, now, Setup }, ct);

    /// <param name="maker">Of <see cref="MakerAsync"/>: when they go, or may do less, so does the key.</param>
    /// <returns>False when the key exists already.</returns>
    public static async Task<bool> AddAsync(
        Work work, Guid id, string name, string key, string role, string maker, DateTimeOffset now, CancellationToken ct, string[]? scopes = null, DateTimeOffset? expiresAt = null) =>
        await work.ExecuteAsync(
            """
            insert into api_keys (id, tenant_id, name, key_hash, last_four, role, created_by, created_at, scopes, expires_at)
            values (@id, @tenant, @name, @hash, @lastFour, @role, @maker, @now, @scopes, @expiresAt) on conflict (key_hash) do nothing
            """,
            new { id, tenant = work.Tenant, name, hash = ApiKey.Hash(key), lastFour = key[^4..], role, maker, now, scopes = scopes ?? [], expiresAt }, ct) == 1;

    /// <summary>Makes a key that nobody has.</summary>
    /// <param name="generate">Asked again while its key exists already.</param>
    /// <returns>The key itself, to be shown once.</returns>
    public static async Task<string> IssueAsync(
        Work work, Guid id, string name, string role, string[] scopes, DateTimeOffset? expiresAt, string maker, DateTimeOffset now, CancellationToken ct, Func<string>? generate = null)
    {
        string key;
        do key = (generate ?? ApiKey.Generate)();
        while (!await AddAsync(work, id, name, key, role, maker, now, ct, scopes, expiresAt));
        return key;
    }

    /// <summary>Whether the account may have one key more; nobody else makes one of it until the work ends.</summary>
    public static Task<Refusal?> FullAsync(Work work, int most, DateTimeOffset now, CancellationToken ct) =>
        Bound.CheckAsync(work, "keys", work.Tenant.Value, most,
            "from api_keys where tenant_id = @Tenant and revoked_at is null and replaced_by is null and (expires_at is null or expires_at > @now)", new { work.Tenant, now },
            $"An account has at most {most} API keys at a time. Revoke one that nothing uses any more (DELETE /api/v1/identity/keys/{{id}}), or rotate one instead of making another.", ct);

    /// <summary>The same of keys that were replaced and go on for their grace: else they would pile up by rotating again and again.</summary>
    public static Task<Refusal?> FullOfReplacedAsync(Work work, int most, DateTimeOffset now, CancellationToken ct) =>
        Bound.CheckAsync(work, "keys", work.Tenant.Value, most,
            "from api_keys where tenant_id = @Tenant and revoked_at is null and replaced_by is not null and expires_at > @now", new { work.Tenant, now },
            $"At most {most} keys that were replaced go on working at a time. Rotate with grace_hours 0, or revoke one that was replaced.", ct);

    /// <summary>Locked until the work ends; null when it is not the account's.</summary>
    public static Task<KeyRow?> LockAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<KeyRow>(
            "select id, name, role, key_hash, scopes, expires_at, revoked_at, replaced_by from api_keys where id = @id and tenant_id = @Tenant for update", new { id, work.Tenant }, ct);

    /// <summary>In whose name the caller makes a key. One that a key makes is its maker's: it ends with them, however many keys lie between.</summary>
    public static async Task<KeyMaker> MakerAsync(Work work, Caller caller, CancellationToken ct) =>
        caller.Actor.StartsWith("key:", StringComparison.Ordinal) && Guid.TryParseExact(caller.Actor.AsSpan(4), "N", out var id)
        && await work.QuerySingleOrDefaultAsync<KeyMaker>("select created_by as name, scopes, expires_at from api_keys where id = @id and tenant_id = @Tenant", new { id, work.Tenant }, ct) is { } maker
            ? maker
            : new() { Name = caller.Actor };

    /// <summary>Noted at most once a minute, so that a busy key does not rewrite its row at each call.</summary>
    public static Task TouchAsync(Work work, Guid id, DateTimeOffset now, CancellationToken ct) =>
        work.ExecuteAsync(
            "update api_keys set last_used_at = @now where id = @id and (last_used_at is null or last_used_at < @now - interval '1 minute')",
            new { id, now }, ct);
}

public sealed record KeyHolder
{
    public Guid Id { get; init; }
    public Guid TenantId { get; init; }
    public string Role { get; init; } = "";
    public string Tier { get; init; } = "";
    public bool Operator { get; init; }
    public bool IsActive { get; init; }
    public string[] Scopes { get; init; } = [];
    public DateTimeOffset? ExpiresAt { get; init; }

    /// <summary>The account's white lists, each of one or more networks; none allows all.</summary>
    public string[] Networks { get; init; } = [];
}

internal sealed record KeyMaker
{
    /// <summary><see cref="ApiKeyTable.Setup"/> or <c>user:…</c>.</summary>
    public string Name { get; init; } = "";

    /// <summary>Of the key that asks; empty for a person, who has none.</summary>
    public string[] Scopes { get; init; } = [];

    /// <summary>When the key that asks ends, and with it all that it makes; null: never.</summary>
    public DateTimeOffset? ExpiresAt { get; init; }
}

internal sealed record KeyRow
{
    public Guid Id { get; init; }
    public string Name { get; init; } = "";
    public string Role { get; init; } = "";
    public byte[] KeyHash { get; init; } = [];
    public string[] Scopes { get; init; } = [];
    public DateTimeOffset? ExpiresAt { get; init; }
    public DateTimeOffset? RevokedAt { get; init; }
    public Guid? ReplacedBy { get; init; }

    public string PublicId => Empire.PublicId.Format("key", Id);
}
