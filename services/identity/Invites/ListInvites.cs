using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Invites;

/// <summary>The account's invites, newest first, without their codes.</summary>
public static class ListInvites
{
    /// <param name="CodePrefix">The first characters of the code, to tell invites apart.</param>
    /// <param name="ExpiresAt">Null: never.</param>
    /// <example>{"id": "inv_0199f3a17c5b7d3e8a4b5c6d7e8f9044", "code_prefix": "the-", "email": null, "role": null, "uses_remaining": 3, "is_active": true,
    /// "created_by": "user:0199f3a17c5b7d3e8a4b5c6d7e8f9012", "created_at": "2026-03-02T08:00:00+00:00", "expires_at": "2026-03-04T08:00:00+00:00", "used_at": null}</example>
    public sealed record Item(
        string Id, string CodePrefix, string? Email, string? Role, int UsesRemaining, bool IsActive, string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset? ExpiresAt, DateTimeOffset? UsedAt);

    public static async Task<Results<Ok<Page<Item>>, ProblemHttpResult>> HandleAsync([AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        if (!caller.Operator) return InviteEndpoints.OperatorNeeded.ToProblem(StatusCodes.Status403Forbidden);
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Row>(
            """
            select id, code_prefix, email, role, uses_remaining, is_active, created_by, created_at, expires_at, used_at from invite_codes
            where tenant_id = @Tenant and (@at::timestamptz is null or (created_at, id) < (@at, @id)) order by created_at desc, id desc limit @Fetch
            """, new { caller.Tenant, at = after?.At, id = after?.Id, page.Fetch }, ct);
        return TypedResults.Ok(page.ToPage(rows, row => (row.CreatedAt, row.Id)).Select(r => new Item(
            PublicId.Format("inv", r.Id), r.CodePrefix, r.Email, r.Role, r.UsesRemaining, r.IsActive, r.CreatedBy, r.CreatedAt, r.ExpiresAt, r.UsedAt)));
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public string CodePrefix { get; init; } = "";
        public string? Email { get; init; }
        public string? Role { get; init; }
        public int UsesRemaining { get; init; }
        public bool IsActive { get; init; }
        public string CreatedBy { get; init; } = "";
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }
        public DateTimeOffset? UsedAt { get; init; }
    }
}
