namespace Empire.Identity.People;

/// <summary>A person as they see themselves, in the account they act in.</summary>
/// <param name="Role">user, or admin of this installation.</param>
/// <param name="TenantRole">owner, admin, member or viewer of <paramref name="Tenant"/>.</param>
/// <param name="ApiCallsUsed">Metered calls of this calendar month (UTC), the whole account's.</param>
/// <param name="MonthlyLimit">Null is without limit.</param>
/// <param name="Tenants">Every account they may switch to.</param>
/// <example>{"id": "usr_0199f3a17c5b7d3e8a4b5c6d7e8f9012", "email": "ada@example.com", "name": "Ada", "email_verified": true, "role": "user", "tenant": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9013", "tenant_role": "owner", "subscription_status": "trial", "subscription_tier": "free", "api_calls_used": 12, "monthly_limit": 100, "second_factor": false, "created_at": "2026-03-02T08:00:00+00:00", "last_login": "2026-03-02T09:15:00+00:00", "tenants": [{"tenant": "ten_0199f3a17c5b7d3e8a4b5c6d7e8f9013", "name": "Ada", "role": "owner", "is_active": true, "pending": false}]}</example>
public sealed record ProfileView(
    string Id, string Email, string? Name, bool EmailVerified, string Role, string Tenant, string TenantRole, string SubscriptionStatus, string SubscriptionTier,
    long ApiCallsUsed, long? MonthlyLimit, bool SecondFactor, DateTimeOffset CreatedAt, DateTimeOffset? LastLogin, IReadOnlyList<ProfileView.Membership> Tenants)
{
    /// <param name="Pending">They are asked to join and have not accepted: switching to it accepts. Shown once the address is confirmed.</param>
    public sealed record Membership(string Tenant, string Name, string Role, bool IsActive, bool Pending);
}
