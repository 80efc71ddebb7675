using Empire.Contracts;
using Empire.Data;
using Empire.Identity.Revocation;
using Empire.Messaging;

namespace Empire.Identity.Usage;

/// <summary>Gives an account the tier that it has paid for; limits follow at once. The later report wins, whichever comes first. The account that runs this installation keeps
/// its tier: it sells them.</summary>
[Queue("identity.subscription-changed")]
public sealed class SubscriptionChangedHandler(Revocations revocations) : IHandle<SubscriptionChanged>
{
    public async Task HandleAsync(SubscriptionChanged fact, Work work, CancellationToken ct)
    {
        var before = await work.QuerySingleOrDefaultAsync<string>(
            "select tier from tenants where tenant_id = @TenantId and not is_operator and (subscription_told_at is null or subscription_told_at < @OccurredAt) for update", new { fact.TenantId, fact.OccurredAt }, ct);
        if (before is null) return;
        await work.ExecuteAsync(
            "update tenants set tier = @Tier, subscription_status = @Status, subscription_ends_at = @EndsAt, subscription_told_at = @OccurredAt where tenant_id = @TenantId",
            new { fact.Tier, fact.Status, fact.EndsAt, fact.OccurredAt, fact.TenantId }, ct);
        if (before != fact.Tier) work.Publish(new TierChanged { TenantId = fact.TenantId, Tier = fact.Tier, Before = before, OccurredAt = fact.OccurredAt });
        work.AfterCommit(() => revocations.TenantAsync(work.Tenant));
    }
}
