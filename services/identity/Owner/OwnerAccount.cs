using Empire.Data;
using Empire.Identity.Keys;
using Empire.Identity.People;
using Empire.Identity.Tenants;
using Microsoft.Extensions.Options;

namespace Empire.Identity.Owner;

/// <summary>Makes sure that the configured owner, their tenant and their key exist. Safe in several replicas and at every start.</summary>
public sealed class OwnerAccount(Database db, IOptions<OwnerOptions> options, Passwords passwords, TimeProvider clock)
{
    /// <summary>Whoever would make the operator's account waits for whoever does.</summary>
    internal const string Turn = "select pg_advisory_xact_lock(hashtext('owner'))";

    private readonly OwnerOptions owner = options.Value;

    public async Task EnsureAsync(CancellationToken ct)
    {
        var now = clock.GetUtcNow();
        await using var work = await db.BeginSystemAsync(ct);
        await work.ExecuteAsync(Turn, ct: ct); // replicas take turns
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
        await ApiKeyTable.AddAsync(work, Guid.CreateVersion7(now), "owner", owner.ApiKey, "owner", ApiKeyTable.Setup, now, ct);
        await work.CommitAsync(ct);
    }

    /// <summary>The address is the operator's own word, so it needs no mail to be verified. An admin that others made keeps the place.</summary>
    private async Task<Guid> EnsureUserAsync(Work work, DateTimeOffset now, CancellationToken ct)
    {
        var email = owner.Email.ToLowerInvariant();
        var id = (await UserTable.FindAsync(work, email, ct))?.Id;
        if (id is null)
        {
            id = Guid.CreateVersion7(now);
            await UserTable.AddAsync(work, id.Value, email, null, await passwords.HashAsync(owner.Password, ct), "admin", now, ct);
            await UserTable.SetVerifiedAsync(work, id.Value, now, ct);
        }
        await work.ExecuteAsync("update users set role = 'admin' where id = @id and not exists (select from users where role = 'admin')", new { id }, ct);
        return id.Value;
    }

    private static async Task<TenantId?> FindTenantAsync(Work work, CancellationToken ct) =>
        await work.QuerySingleOrDefaultAsync<Guid?>("select tenant_id from tenants where is_operator", ct: ct) is { } id ? new TenantId(id) : null;
}
