using System.Text.Json;
using Empire.Data;
using Empire.Hosting;
using Empire.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Auditing;

/// <summary>The account's audit log of this service, newest first.</summary>
internal static class ListAudit
{
    /// <param name="Actor">user:…, key:…, service:…, anonymous, or system for its own doing.</param>
    /// <param name="Address">From where; null where no gateway vouched for an address.</param>
    /// <example>{"id": "aud_0199f3a17c5b7d3e8a4b5c6d7e8f9020", "at": "2026-03-02T08:00:00+00:00", "actor": "user:0199f3a17c5b7d3e8a4b5c6d7e8f9012", "action": "key.made", "entity_type": "key", "entity_id": "key_0199f3a17c5b7d3e8a4b5c6d7e8f9014", "details": null, "address": "203.0.113.7", "trace_id": "4bf92f3577b34da6a3ce929d0e0e4736"}</example>
    public sealed record Item(string Id, DateTimeOffset At, string Actor, string Action, string EntityType, string? EntityId, JsonElement? Details, string? Address, string? TraceId);

    public static void Map(WebApplication app)
    {
        if (app.Services.GetService<DatabaseRoles>() is null) return; // a service without a database changes nothing
        app.MapGet($"/api/v1/{app.Services.GetRequiredService<ThisService>().Name}/audit", HandleAsync).WithName("ListAudit").WithTags("Audit").ForRoles("owner", "admin");
    }

    /// <param name="entity">An entity's id, as it stands in the log; null is all.</param>
    /// <param name="entityType">As keys; null is all.</param>
    /// <param name="actor">As user:…; null is all.</param>
    private static async Task<Ok<Page<Item>>> HandleAsync(
        string? entity, [Microsoft.AspNetCore.Mvc.FromQuery(Name = "entity_type")] string? entityType, string? actor, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        var after = page.After<(DateTimeOffset At, long Seq)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Row>(
            """
            select id, seq, at, actor, action, entity_type, entity_id, details::text as details, address, trace_id from kernel.audit
            where tenant_id = @Tenant and (@entity::text is null or entity_id = @entity) and (@entityType::text is null or entity_type = @entityType)
              and (@actor::text is null or actor = @actor) and (@at::timestamptz is null or (at, seq) < (@at, @seq))
            order by at desc, seq desc limit @Fetch
            """, new { caller.Tenant, entity, entityType, actor, at = after?.At, seq = after?.Seq, page.Fetch }, ct);
        return TypedResults.Ok(page.ToPage(rows, row => (row.At, row.Seq)).Select(row => new Item(
            PublicId.Format("aud", row.Id), row.At, row.Actor, row.Action, row.EntityType, row.EntityId,
            row.Details is null ? null : JsonDocument.Parse(row.Details).RootElement, row.Address, row.TraceId)));
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public long Seq { get; init; }
        public DateTimeOffset At { get; init; }
        public string Actor { get; init; } = "";
        public string Action { get; init; } = "";
        public string EntityType { get; init; } = "";
        public string? EntityId { get; init; }
        public string? Details { get; init; }
        public string? Address { get; init; }
        public string? TraceId { get; init; }
    }
}
