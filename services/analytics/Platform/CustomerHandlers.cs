using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Analytics.Platform;

/// <summary>Counts a new account.</summary>
[Queue("analytics.tenant-created")]
public sealed class TenantCreatedHandler : IHandle<TenantCreated>
{
    public Task HandleAsync(TenantCreated fact, Work work, CancellationToken ct) => work.ExecuteAsync(
        """
        insert into customers (tenant_id, tier, tier_at, is_operator, created_at, first_paid_at)
        values (@TenantId, @tier, @OccurredAt, @Operator, @OccurredAt, case when @tier <> 'free' then @OccurredAt end)
        on conflict (tenant_id) do update set is_operator = excluded.is_operator, created_at = excluded.created_at, first_paid_at = least(customers.first_paid_at, excluded.first_paid_at)
        """, new { fact.TenantId, tier = fact.Tier ?? "free", fact.Operator, fact.OccurredAt }, ct);
}

/// <summary>Follows an account from tier to tier, in whatever order the changes are heard.</summary>
[Queue("analytics.tier-changed")]
public sealed class TierChangedHandler : IHandle<TierChanged>
{
    public Task HandleAsync(TierChanged fact, Work work, CancellationToken ct) => work.ExecuteAsync(
        """
        insert into customers as c (tenant_id, tier, tier_at, first_paid_at, left_paid_at)
        values (@TenantId, @Tier, @OccurredAt, case when @Tier <> 'free' then @OccurredAt end, case when @Tier = 'free' and @Before <> 'free' then @OccurredAt end)
        on conflict (tenant_id) do update set
          tier = case when excluded.tier_at >= c.tier_at then excluded.tier else c.tier end,
          left_paid_at = case when excluded.tier_at < c.tier_at then c.left_paid_at when excluded.tier <> 'free' then null else coalesce(excluded.left_paid_at, c.left_paid_at) end,
          tier_at = greatest(c.tier_at, excluded.tier_at), first_paid_at = least(c.first_paid_at, excluded.first_paid_at)
        """, new { fact.TenantId, fact.Tier, fact.Before, fact.OccurredAt }, ct);
}

/// <summary>Keeps what telemetry last told of an account's savings.</summary>
[Queue("analytics.savings-measured")]
public sealed class SavingsMeasuredHandler : IHandle<SavingsMeasured>
{
    public Task HandleAsync(SavingsMeasured fact, Work work, CancellationToken ct)
    {
        if (fact.Currency != Currency.Usd.Code) throw new InvalidOperationException($"Savings are told in USD, not in {fact.Currency}.");
        return work.ExecuteAsync(
            """
            insert into customer_savings as s (tenant_id, saved_micros, low_micros, high_micros, wasted_micros, measured_at)
            values (@TenantId, @SavedMicros, @LowMicros, @HighMicros, @WastedMicros, @OccurredAt)
            on conflict (tenant_id) do update set saved_micros = excluded.saved_micros, low_micros = excluded.low_micros, high_micros = excluded.high_micros, wasted_micros = excluded.wasted_micros,
              measured_at = excluded.measured_at
            where excluded.measured_at > s.measured_at
            """, fact, ct);
    }
}
