using Empire.Data;

namespace Empire.Auditing;

internal static class AuditTable
{
    /// <summary>Adds the entries in one statement. A transaction without an id of its own has written nothing, and then there is nothing to tell of.</summary>
    public static Task AddAsync(Work work, IReadOnlyList<AuditEntry> entries, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            insert into kernel.audit (id, tenant_id, at, actor, action, entity_type, entity_id, details, address, trace_id)
            select id, tenant_id, at, actor, action, entity_type, entity_id, details::jsonb, address, trace_id
            from unnest(@ids, @tenants, @times, @actors, @actions, @types, @entities, @details, @addresses, @traces, @automatic) with ordinality
              as entry (id, tenant_id, at, actor, action, entity_type, entity_id, details, address, trace_id, automatic, nth)
            where not automatic or pg_current_xact_id_if_assigned() is not null
            order by nth
            """,
            new
            {
                ids = entries.Select(e => e.Id).ToArray(),
                tenants = entries.Select(e => e.Tenant.Value).ToArray(),
                times = entries.Select(e => e.At.UtcDateTime).ToArray(),
                actors = entries.Select(e => e.Actor).ToArray(),
                actions = entries.Select(e => e.Action).ToArray(),
                types = entries.Select(e => e.EntityType).ToArray(),
                entities = entries.Select(e => e.EntityId).ToArray(),
                details = entries.Select(e => e.Details).ToArray(),
                addresses = entries.Select(e => e.Address).ToArray(),
                traces = entries.Select(e => e.TraceId).ToArray(),
                automatic = entries.Select(e => e.Automatic).ToArray(),
            }, ct);
}
