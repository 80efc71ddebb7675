using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Keys;

/// <summary>The account's keys, newest first, those that are over too.</summary>
public static class ListKeys
{
    /// <param name="LastFour">The key's last four characters, to tell keys apart.</param>
    /// <param name="LastUsedAt">To the minute.</param>
    /// <param name="ReplacedBy">The key that was put in its place; it ends at <paramref name="ExpiresAt"/>.</param>
    /// <example>{"id": "key_0199f3a17c5b7d3e8a4b5c6d7e8f9014", "name": "reports", "role": "member", "last_four": "oks1", "scopes": ["content:read"], "created_at": "2026-03-02T08:00:00+00:00", "last_used_at": "2026-03-02T09:15:00+00:00", "expires_at": null, "revoked_at": null, "replaced_by": null}</example>
    public sealed record Item(
        string Id, string Name, string Role, string LastFour, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? ExpiresAt,
        DateTimeOffset? RevokedAt, string? ReplacedBy);

    public static async Task<Ok<Page<Item>>> HandleAsync([AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Row>(
            """
            select id, name, role, last_four, scopes, created_at, last_used_at, expires_at, revoked_at, replaced_by from api_keys
            where tenant_id = @Tenant and (@at::timestamptz is null or (created_at, id) < (@at, @id)) order by created_at desc, id desc limit @Fetch
            """, new { caller.Tenant, at = after?.At, id = after?.Id, page.Fetch }, ct);
        return TypedResults.Ok(page.ToPage(rows, row => (row.CreatedAt, row.Id)).Select(r => new Item(
            PublicId.Format("key", r.Id), r.Name, r.Role, r.LastFour, r.Scopes, r.CreatedAt, r.LastUsedAt, r.ExpiresAt, r.RevokedAt, r.ReplacedBy is { } next ? PublicId.Format("key", next) : null)));
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public string Name { get; init; } = "";
        public string Role { get; init; } = "";
        public string LastFour { get; init; } = "";
        public string[] Scopes { get; init; } = [];
        public DateTimeOffset CreatedAt { get; init; }
        public DateTimeOffset? LastUsedAt { get; init; }
        public DateTimeOffset? ExpiresAt { get; init; }
        public DateTimeOffset? RevokedAt { get; init; }
        public Guid? ReplacedBy { get; init; }
    }
}
