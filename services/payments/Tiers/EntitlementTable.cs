using Empire.Data;

namespace Empire.Payments.Tiers;

/// <summary>What customers have paid for. A customer's tier follows from these rows and the time alone, so it is right in whatever order they were written.</summary>
internal static class EntitlementTable
{
    /// <param name="source">payment, subscription or credit.</param>
    public static Task GrantAsync(Work work, Guid customer, string tier, string source, Guid sourceId, DateTimeOffset from, DateTimeOffset? until, CancellationToken ct, bool pastDue = false) =>
        tier == "free" ? Task.CompletedTask : work.ExecuteAsync(
            """
            insert into entitlements (id, tenant_id, customer_id, tier, source, source_id, starts_at, ends_at, past_due)
            values (@id, @Tenant, @customer, @tier, @source, @sourceId, @from, @until, @pastDue)
            on conflict (source, source_id) do update set tier = excluded.tier, starts_at = excluded.starts_at, ends_at = excluded.ends_at, past_due = excluded.past_due
            """, new { id = Guid.CreateVersion7(work.Now), work.Tenant, customer, tier, source, sourceId, from, until, pastDue }, ct);

    public static Task RevokeAsync(Work work, string source, Guid sourceId, DateTimeOffset at, CancellationToken ct) => work.ExecuteAsync(
        "update entitlements set revoked_at = least(revoked_at, @at) where tenant_id = current_tenant() and source = @source and source_id = @sourceId", new { source, sourceId, at }, ct);
}
