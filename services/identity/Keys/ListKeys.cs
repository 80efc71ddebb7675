using Empire.Data;
using Empire.Http;

namespace Empire.Identity.Keys;

public static class ListKeys
{
    /// <param name="LastFour">The key's last four characters, to tell keys apart.</param>
    /// <param name="LastUsedAt">To the minute.</param>
    /// <param name="ReplacedBy">The key that was put in its place; it ends at <paramref name="ExpiresAt"/>.</param>
    public sealed record Item(
        string Id, string Name, string Role, string LastFour, IReadOnlyList<string> Scopes, DateTimeOffset CreatedAt, DateTimeOffset? LastUsedAt, DateTimeOffset? ExpiresAt,
        DateTimeOffset? RevokedAt, string? ReplacedBy);

    /// <example>{"data": [{"id": "key_0199f3a17c5b7d3e8a4b5c6d7e8f9014", "name": "reports", "role": "member", "last_four": "oks1", "scopes": ["content:read"], "created_at": "2026-03-02T08:00:00+00:00", "last_used_at": "2026-03-02T09:15:00+00:00", "expires_at": null, "revoked_at": null, "replaced_by": null}]}</example>
    public sealed record Response(IReadOnlyList<Item> Data);

    public static async Task<Response> HandleAsync(Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Row>(
            "select id, name, role, last_four, scopes, created_at, last_used_at, expires_at, revoked_at, replaced_by from api_keys where tenant_id = @Tenant order by created_at", new { caller.Tenant }, ct);
        return new([.. rows.Select(r => new Item(PublicId.Format("key", r.Id), r.Name, r.Role, r.LastFour, r.Scopes, r.CreatedAt, r.LastUsedAt, r.ExpiresAt, r.RevokedAt, r.ReplacedBy is { } next ? PublicId.Format("key", next) : null))]);
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
