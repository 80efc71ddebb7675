using System.Text.Json;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Identity.Security;

/// <summary>The account's security events, newest first.</summary>
public static class ListSecurityEvents
{
    /// <param name="Kind">As sign-in-locked, credential-aged, credential-use-jumped, erasure-unconfirmed.</param>
    /// <example>{"id": "sev_0199f3a17c5b7d3e8a4b5c6d7e8f9040", "at": "2026-03-02T08:00:00+00:00", "kind": "sign-in-locked", "entity_id": "usr_0199f3a17c5b7d3e8a4b5c6d7e8f9012",
    /// "detail": "Too many wrong tries locked a sign-in. If it was not you, choose another password and a second factor.", "details": {"until": "2026-03-02T08:15:00+00:00",
    /// "address": "203.0.113.7"}}</example>
    public sealed record Item(string Id, DateTimeOffset At, string Kind, string? EntityId, string Detail, JsonElement? Details);

    public static void MapSecurityEvents(this WebApplication app) =>
        app.MapGet("/api/v1/identity/security-events", HandleAsync).WithName("ListSecurityEvents").WithTags("Security").ForRoles("owner", "admin");

    /// <param name="kind">Null is all.</param>
    private static async Task<Ok<Page<Item>>> HandleAsync(string? kind, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Row>(
            """
            select id, at, kind, entity_id, detail, details::text as details from security_events
            where tenant_id = @Tenant and (@kind::text is null or kind = @kind) and (@at::timestamptz is null or (at, id) < (@at, @id)) order by at desc, id desc limit @Fetch
            """, new { caller.Tenant, kind, at = after?.At, id = after?.Id, page.Fetch }, ct);
        return TypedResults.Ok(page.ToPage(rows, row => (row.At, row.Id)).Select(row => new Item(
            PublicId.Format("sev", row.Id), row.At, row.Kind, row.EntityId, row.Detail, row.Details is null ? null : JsonDocument.Parse(row.Details).RootElement)));
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public DateTimeOffset At { get; init; }
        public string Kind { get; init; } = "";
        public string? EntityId { get; init; }
        public string Detail { get; init; } = "";
        public string? Details { get; init; }
    }
}
