using Empire.Contracts;
using Empire.Data;
using Empire.Payments.Subscriptions;

namespace Empire.Payments.Tiers;

/// <summary>Keeps what is told of a customer's tier equal to what they have paid for.</summary>
internal static class TierKeeper
{
    /// <summary>Counts the tier anew from the entitlements, and tells it where it changed.</summary>
    public static async Task RefreshAsync(Work work, Guid customer, CancellationToken ct)
    {
        await LockAsync(work, customer, ct);
        var held = await work.QuerySingleOrDefaultAsync<Held>(
            $"""
            select c.tier as before, c.account_id, c.email, coalesce(e.tier, 'free') as tier, coalesce(e.past_due, false) as past_due,
              (select case when bool_and(x.ends_at is not null) then max(x.ends_at) end from entitlements x
               where x.tenant_id = current_tenant() and x.customer_id = c.id and x.tier = e.tier and x.revoked_at is null and {ProviderModes.Counts("x")}) as ends_at,
              exists (select from entitlements x where x.tenant_id = current_tenant() and x.customer_id = c.id) as paid_ever, c.told_status, c.told_ends_at
            from customers c
            left join lateral (
              select tier, past_due, ends_at from entitlements e
              where e.tenant_id = current_tenant() and e.customer_id = c.id and e.revoked_at is null and e.starts_at <= @Now and (e.ends_at is null or e.ends_at > @Now) and {ProviderModes.Counts("e")}
              order by e.tier = 'enterprise' desc, e.past_due, e.ends_at desc nulls first limit 1) e on true
            where c.tenant_id = current_tenant() and c.id = @customer
            """, new { customer, work.Now }, ct);
        if (held is null) return;
        var status = held.Tier != "free" ? held.PastDue ? "past_due" : "active" : held.PaidEver ? "cancelled" : "trial";
        if (held.Tier == held.Before && status == held.ToldStatus && held.EndsAt == held.ToldEndsAt) return;
        await work.ExecuteAsync(
            "update customers set tier = @Tier, told_status = @status, told_ends_at = @EndsAt, updated_at = @Now where tenant_id = current_tenant() and id = @customer", new { held.Tier, status, held.EndsAt, work.Now, customer }, ct);
        if (held.AccountId is not { } account) return;
        var link = status == "past_due" && held.ToldStatus != "past_due" ? await BillingPortal.LinkAsync(work, customer, ct) : null;
        var seller = work.Tenant;
        await work.ActForAsync(new(account), ct);
        work.Publish(new SubscriptionChanged
        {
            TenantId = account, CustomerId = customer, Email = held.Email, Tier = held.Tier, Before = held.Before, Status = status, StatusBefore = held.ToldStatus, BillingPath = link, EndsAt = held.EndsAt, OccurredAt = work.Now,
        });
        await work.ActForAsync(seller, ct);
    }

    /// <summary>Until the work ends nobody else counts what the customer has paid for. A statement of its own: what a statement reads is as old as its beginning, and whoever was waited for may have changed it.</summary>
    /// <remarks>Rows that refer to the customer may be written meanwhile; those who write them come here next.</remarks>
    public static Task LockAsync(Work work, Guid customer, CancellationToken ct) =>
        work.ExecuteAsync("select from customers where tenant_id = current_tenant() and id = @customer for no key update", new { customer }, ct);

    private sealed record Held
    {
        public string Before { get; init; } = "";
        public Guid? AccountId { get; init; }
        public string Email { get; init; } = "";
        public string Tier { get; init; } = "";
        public bool PastDue { get; init; }
        public DateTimeOffset? EndsAt { get; init; }
        public bool PaidEver { get; init; }
        public string? ToldStatus { get; init; }
        public DateTimeOffset? ToldEndsAt { get; init; }
    }
}
