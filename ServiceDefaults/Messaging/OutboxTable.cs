using Empire.Data;

namespace Empire.Messaging;

internal static class OutboxTable
{
    public static Task AddAsync(Work work, IReadOnlyList<OutgoingEvent> events, CancellationToken ct) =>
        work.ExecuteAsync(
            """
            insert into kernel.outbox (id, tenant_id, type, body, traceparent, created_at)
            select * from unnest(@ids, @tenants, @types, @bodies, @traceparents, @times)
            """,
            new
            {
                ids = events.Select(e => e.Id).ToArray(),
                tenants = events.Select(e => e.Tenant.Value).ToArray(),
                types = events.Select(e => e.Type).ToArray(),
                bodies = events.Select(e => e.Body).ToArray(),
                traceparents = events.Select(e => e.Traceparent).ToArray(),
                times = events.Select(e => e.CreatedAt.UtcDateTime).ToArray(),
            }, ct);
}
