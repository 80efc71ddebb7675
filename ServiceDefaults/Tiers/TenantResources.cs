using Empire.Contracts;
using Empire.Data;
using Empire.Hosting;

namespace Empire.Tiers;

/// <summary>What a tier limits by number, counted where it is made: in the same transaction, on a row that stays locked until its end, so that no two requests take the last
/// place. Whoever makes a product claims one, whoever deletes one releases it.</summary>
public sealed class TenantResources(TierTable tiers, ThisService service)
{
    /// <summary>Takes <paramref name="amount"/> of a resource for the work's tenant.</summary>
    /// <param name="tier">Of the account now; see <c>Caller.Tier</c>.</param>
    /// <returns>Null when there was room; otherwise nothing was taken, and the refusal (for a 403) names the limit.</returns>
    /// <exception cref="KeyNotFoundException">There is no such tier.</exception>
    public async Task<Refusal?> ClaimAsync(Work work, TierResource resource, string tier, CancellationToken ct, long amount = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amount);
        var limit = resource.LimitOf(tiers[tier]);
        var counted = await work.QuerySingleOrDefaultAsync<Counted>(
            """
            insert into kernel.tenant_resources as r (tenant_id, resource, used, revision) select @Tenant, @Name, @amount, 1 where @limit::bigint is null or @amount <= @limit
            on conflict (tenant_id, resource) do update set used = r.used + @amount, revision = r.revision + 1 where @limit::bigint is null or r.used + @amount <= @limit
            returning used, revision
            """, new { work.Tenant, resource.Name, amount, limit }, ct);
        if (counted is null) return new("tier-limit-exceeded", $"The tier {tier} allows {resource.Describe(limit!.Value)}. Upgrade, or remove some first.");
        Tell(work, resource, counted);
        return null;
    }

    /// <summary>Gives back what <see cref="ClaimAsync"/> took; never below nothing.</summary>
    public async Task ReleaseAsync(Work work, TierResource resource, CancellationToken ct, long amount = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(amount);
        var counted = await work.QuerySingleOrDefaultAsync<Counted>(
            """
            update kernel.tenant_resources set used = greatest(used - @amount, 0), revision = revision + 1 where tenant_id = @Tenant and resource = @Name
            returning used, revision
            """, new { work.Tenant, resource.Name, amount }, ct);
        if (counted is not null) Tell(work, resource, counted);
    }

    private void Tell(Work work, TierResource resource, Counted counted) => work.Publish(new ResourceUsageChanged
    {
        TenantId = work.Tenant.Value, Service = service.Name, Resource = resource.Name, Used = counted.Used, Revision = counted.Revision, OccurredAt = work.Now,
    });

    private sealed record Counted(long Used, long Revision);
}
