using Empire.Data;
using Empire.Identity.Keys;
using Empire.Identity.Tenants;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Owner;

/// <summary>Makes sure that the configured owner, their tenant and their key exist. Safe in several replicas and at every start.</summary>
public sealed class OwnerAccount(Database db, IOptions<OwnerOptions> options, TimeProvider clock)
{
    private readonly OwnerOptions owner = options.Value;

    public async Task EnsureAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await db.BeginSystemAsync(ct);
        await work.ExecuteAsync("select pg_advisory_xact_lock(hashtext('owner'))", ct: ct); // replicas take turns
        var user = await EnsureUserAsync(work, now, ct);
        if (await FindTenantAsync(work, ct) is { } existing)
        {
            await work.ActForAsync(existing, ct);
        }
        else
        {
            await work.ActForAsync(TenantId.New(now), ct);
            await TenantTable.AddAsync(work, owner.TenantName, "enterprise", owner.TimeZone, isOperator: true, now, ct);
            await work.ExecuteAsync(
                "insert into memberships (tenant_id, user_id, role, created_at) values (@Tenant, @user, 'owner', @now)", new { work.Tenant, user, now }, ct);
        }
        await ApiKeyTable.AddAsync(work, Guid.CreateVersion7(now), "owner", owner.ApiKey, "owner", "setup", now, ct);
        await work.CommitAsync(ct);
    }

    private async Task<Guid> EnsureUserAsync(Work work, DateTimeOffset now, CancellationToken ct)
    {
        var email = owner.Email.ToLowerInvariant();
        if (await work.QuerySingleOrDefaultAsync<Guid?>("select id from users where email = @email", new { email }, ct) is { } existing) return existing;
        var id = Guid.CreateVersion7(now);
        var hash = new PasswordHasher<OwnerOptions>().HashPassword(owner, owner.Password);
        await work.ExecuteAsync("insert into users (id, email, password_hash, created_at) values (@id, @email, @hash, @now)", new { id, email, hash, now }, ct);
        return id;
    }

    private static async Task<TenantId?> FindTenantAsync(Work work, CancellationToken ct) =>
        await work.QuerySingleOrDefaultAsync<Guid?>("select tenant_id from tenants where is_operator", ct: ct) is { } id ? new TenantId(id) : null;
}
