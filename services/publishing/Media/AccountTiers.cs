using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;
using Empire.Tiers;

namespace Empire.Publishing.Media;

/// <summary>Which tier an account has, as identity tells of it: pages are made by a worker, which nobody's request tells.</summary>
internal static class AccountTiers
{
    /// <returns>free where nothing was heard yet.</returns>
    public static async Task<string> OfAsync(Work work, CancellationToken ct) =>
        await work.QuerySingleOrDefaultAsync<string>("select tier from account_tiers where tenant_id = current_tenant()", ct: ct) ?? TierTable.Free;

    /// <summary>The later word holds, whichever is heard first.</summary>
    public static Task HeardAsync(Work work, string tier, DateTimeOffset at, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            insert into account_tiers as a (tenant_id, tier, told_at) values (@Tenant, @tier, @at)
            on conflict (tenant_id) do update set tier = excluded.tier, told_at = excluded.told_at where a.told_at < excluded.told_at
            """, new { work.Tenant, tier, at }, ct);
}

[Queue("publishing.tenant-created")]
public sealed class TenantCreatedHandler : IHandle<TenantCreated>
{
    public Task HandleAsync(TenantCreated fact, Work work, CancellationToken ct) => AccountTiers.HeardAsync(work, fact.Tier ?? TierTable.Free, fact.OccurredAt, ct);
}

[Queue("publishing.tier-changed")]
public sealed class TierChangedHandler : IHandle<TierChanged>
{
    public Task HandleAsync(TierChanged fact, Work work, CancellationToken ct) => AccountTiers.HeardAsync(work, fact.Tier, fact.OccurredAt, ct);
}
