namespace Empire.Identity.People;

/// <summary>A person as they see themselves, in the account they act in.</summary>
/// <param name="Role">user, or admin of this installation.</param>
/// <param name="TenantRole">owner, admin, member or viewer of <paramref name="Tenant"/>.</param>
/// <param name="ApiCallsUsed">Metered calls of this calendar month (UTC), the whole account's.</param>
/// <param name="MonthlyLimit">Null is without limit.</param>
/// <param name="Tenants">Every account they may switch to.</param>
public sealed record ProfileView(
    string Id, string Email, string? Name, bool EmailVerified, string Role, string Tenant, string TenantRole, string SubscriptionStatus, string SubscriptionTier,
    long ApiCallsUsed, long? MonthlyLimit, bool SecondFactor, DateTimeOffset CreatedAt, DateTimeOffset? LastLogin, IReadOnlyList<ProfileView.Membership> Tenants)
{
    public sealed record Membership(string Tenant, string Name, string Role, bool IsActive);
}
