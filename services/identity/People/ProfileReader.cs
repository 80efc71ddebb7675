using Empire.Data;
using Empire.Identity.Usage;
using Empire.Tiers;

namespace Empire.Identity.People;

/// <summary>Draws up <see cref="ProfileView"/>.</summary>
public sealed class ProfileReader(TierTable tiers)
{
    /// <param name="work">Over all tenants.</param>
    internal async Task<ProfileView> ReadAsync(Work work, Guid user, TenantId tenant, CancellationToken ct)
    {
        var row = await work.QuerySingleAsync<Row>(
            """
            select u.email, u.name, u.email_verified_at is not null as email_verified, u.role, u.created_at, u.last_login_at,
                   m.role as tenant_role, t.subscription_status, t.tier, exists (select from second_factors f where f.user_id = u.id and f.confirmed_at is not null) as second_factor,
                   coalesce((select used from api_usage a where a.tenant_id = t.tenant_id and a.month = @month), 0) as api_calls_used
            from users u join memberships m on m.user_id = u.id join tenants t on t.tenant_id = m.tenant_id
            where u.id = @user and m.tenant_id = @tenant
            """, new { user, tenant, month = ApiUsageTable.MonthOf(work.Now).ToDateTime(TimeOnly.MinValue) }, ct);
        // Who asks an address is told to whoever has proved that they read it.
        var memberships = await work.QueryAsync<Place>(
            """
            select tenant_id, t.name, m.role, t.is_active, m.pending from memberships m join tenants t using (tenant_id)
            where m.user_id = @user and (not m.pending or @EmailVerified) order by m.created_at
            """, new { user, row.EmailVerified }, ct);
        return new(
            PublicId.Format("usr", user), row.Email, row.Name, row.EmailVerified, row.Role, tenant.ToString(), row.TenantRole, row.SubscriptionStatus, row.Tier,
            row.ApiCallsUsed, tiers[row.Tier].ApiCallsPerMonth, row.SecondFactor, row.CreatedAt, row.LastLoginAt,
            [.. memberships.Select(m => new ProfileView.Membership(new TenantId(m.TenantId).ToString(), m.Name, m.Role, m.IsActive, m.Pending))]);
    }

    private sealed record Row
    {
        public string Email { get; init; } = "";
        public string? Name { get; init; }
        public bool EmailVerified { get; init; }
        public string Role { get; init; } = "";
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? LastLoginAt { get; init; }
        public string TenantRole { get; init; } = "";
        public string SubscriptionStatus { get; init; } = "";
        public string Tier { get; init; } = "";
        public bool SecondFactor { get; init; }
        public long ApiCallsUsed { get; init; }
    }

    private sealed record Place(Guid TenantId, string Name, string Role, bool IsActive, bool Pending);
}
