using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Telemetry.Accounts;

/// <summary>How long an account's samples are kept goes by its tier, whether its hosts report or not.</summary>
internal static class AccountTier
{
    /// <summary>What the caller of a report had when it connected: holds until identity has said something of the account.</summary>
    public static Task ReportedAsync(Work work, string tier, CancellationToken ct) => work.ExecuteAsync(
        """
        insert into accounts as a (tenant_id, tier) values (@Tenant, @tier)
        on conflict (tenant_id) do update set tier = excluded.tier where a.tier <> excluded.tier and a.tier_told_at is null
        """, new { work.Tenant, tier }, ct);

    /// <summary>The later word of identity holds, whichever is heard first.</summary>
    public static Task HeardAsync(Work work, string tier, DateTimeOffset at, CancellationToken ct) => work.ExecuteAsync(
        """
        insert into accounts as a (tenant_id, tier, tier_told_at) values (@Tenant, @tier, @at)
        on conflict (tenant_id) do update set tier = excluded.tier, tier_told_at = excluded.tier_told_at where a.tier_told_at is null or a.tier_told_at < excluded.tier_told_at
        """, new { work.Tenant, tier, at = at.UtcDateTime }, ct);
}

[Queue("telemetry.tier-changed")]
public sealed class TierChangedHandler : IHandle<TierChanged>
{
    public Task HandleAsync(TierChanged fact, Work work, CancellationToken ct) => AccountTier.HeardAsync(work, fact.Tier, fact.OccurredAt, ct);
}
