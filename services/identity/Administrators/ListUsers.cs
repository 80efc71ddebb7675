using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Administrators;

/// <summary>Everybody who has signed up to this installation, the newest first.</summary>
public static class ListUsers
{
    /// <param name="Role">user, or admin of this installation.</param>
    /// <example>{"id": "usr_0199f3a17c5b7d3e8a4b5c6d7e8f9043", "email": "grace@example.com", "name": "Grace", "role": "user", "email_verified": true, "subscription_status": "trial",
    /// "subscription_tier": "free", "created_at": "2026-03-02T08:00:00+00:00", "last_login": null}</example>
    public sealed record Item(
        string Id, string Email, string? Name, string Role, bool EmailVerified, string? SubscriptionStatus, string? SubscriptionTier, DateTimeOffset CreatedAt, DateTimeOffset? LastLogin);

    public static async Task<Results<Ok<Page<Item>>, ProblemHttpResult>> HandleAsync([AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        if (!caller.Operator) return Roles.OperatorNeeded.ToProblem(StatusCodes.Status403Forbidden);
        var after = page.After<(DateTimeOffset CreatedAt, Guid Id)>();
        await using var work = await db.BeginSystemAsync(ct);
        var rows = await work.QueryAsync<Row>(
            """
            select u.id, u.email, u.name, u.role, u.email_verified_at is not null as email_verified, t.subscription_status, t.tier, u.created_at, u.last_login_at
            from users u
            left join lateral (
              select subscription_status, tier from memberships m join tenants using (tenant_id) where m.user_id = u.id and not m.pending order by m.created_at limit 1) t on true
            where @afterId::uuid is null or (u.created_at, u.id) < (@afterTime::timestamptz, @afterId)
            order by u.created_at desc, u.id desc limit @Fetch
            """, new { afterTime = after?.CreatedAt, afterId = after?.Id, page.Fetch }, ct);
        return TypedResults.Ok(page.ToPage(rows, row => (row.CreatedAt, row.Id)).Select(row => new Item(
            PublicId.Format("usr", row.Id), row.Email, row.Name, row.Role, row.EmailVerified, row.SubscriptionStatus, row.Tier, row.CreatedAt, row.LastLoginAt)));
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public string Email { get; init; } = "";
        public string? Name { get; init; }
        public string Role { get; init; } = "";
        public bool EmailVerified { get; init; }
        public string? SubscriptionStatus { get; init; }
        public string? Tier { get; init; }
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? LastLoginAt { get; init; }
    }
}
