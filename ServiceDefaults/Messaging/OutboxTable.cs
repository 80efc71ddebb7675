using Empire.Data;

namespace Empire.Messaging;

/// <summary>Events between the commit that made them and the broker's confirmation.</summary>
internal static class OutboxTable
{
    /// <summary>The channel on which a process that cannot dispatch itself wakes those that can.</summary>
    public const string Channel = "empire_outbox";

    /// <param name="notify">Wakes the other replicas at commit. Not the rule: PostgreSQL lets notifying commits queue one behind another.</param>
    public static Task AddAsync(Work work, IReadOnlyList<OutgoingEvent> events, bool notify, CancellationToken ct) =>
        work.ExecuteAsync(notify ? $"{Insert}; select pg_notify('{Channel}', '')" : Insert, new
        {
            ids = events.Select(e => e.Id).ToArray(),
            tenants = events.Select(e => e.Tenant.Value).ToArray(),
            types = events.Select(e => e.Type).ToArray(),
            bodies = events.Select(e => e.Body).ToArray(),
            traceparents = events.Select(e => e.Traceparent).ToArray(),
            actors = events.Select(e => e.Actor).ToArray(),
            times = events.Select(e => e.CreatedAt.UtcDateTime).ToArray(),
        }, ct);

    /// <summary>Takes the oldest events that no other dispatcher holds. They are gone when the work commits and back when it does not.</summary>
    public static async Task<IReadOnlyList<OutgoingEvent>> TakeAsync(Work work, int atMost, CancellationToken ct)
    {
        var rows = await work.QueryAsync<Row>(
            """
            delete from kernel.outbox where id = any (array(select id from kernel.outbox order by seq limit @atMost for update skip locked))
            returning id, seq, tenant_id, type, body, traceparent, actor, created_at
            """, new { atMost }, ct);
        return [.. rows.OrderBy(row => row.Seq).Select(row => new OutgoingEvent(row.Id, new(row.TenantId), row.Type, row.Body, row.Traceparent, row.Actor, row.CreatedAt))];
    }

    /// <returns>When the longest-waiting event was made; null when none waits.</returns>
    public static Task<DateTimeOffset?> OldestAsync(Work work, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<DateTimeOffset?>("select created_at from kernel.outbox order by seq limit 1", ct: ct);

    private const string Insert =
        """
        insert into kernel.outbox (id, tenant_id, type, body, traceparent, actor, created_at)
        select * from unnest(@ids, @tenants, @types, @bodies, @traceparents, @actors, @times)
        """;

    private sealed record Row(Guid Id, long Seq, Guid TenantId, string Type, string Body, string? Traceparent, string? Actor, DateTimeOffset CreatedAt);
}
