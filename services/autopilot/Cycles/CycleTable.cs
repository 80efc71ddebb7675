using System.Text.Json;
using Empire.Data;

namespace Empire.Autopilot.Cycles;

internal static class CycleTable
{
    /// <returns>Null when the tenant has its scheduled cycle of that day already.</returns>
    public static async Task<Guid?> AddAsync(
        Work work, DateOnly day, (string Source, Guid? FeedId) source, string trigger, CyclePlan plan, string actor, IEnumerable<string> steps, DateTimeOffset now, CancellationToken ct)
    {
        var id = Guid.CreateVersion7(now);
        var added = await work.ExecuteAsync(
            """
            insert into cycles (id, tenant_id, day, source, feed_id, state, trigger, plan, requested_by, created_at)
            values (@id, @Tenant, @day, @source, @feed, 'queued', @trigger, @plan::jsonb, @actor, @now)
            on conflict (tenant_id, day) where trigger = 'schedule' do nothing
            """,
            new { id, work.Tenant, day, source = source.Source, feed = source.FeedId, trigger, plan = JsonSerializer.Serialize(plan, JsonSerializerOptions.Web), actor, now }, ct);
        if (added == 0) return null;
        await work.ExecuteAsync(
            "insert into cycle_steps (cycle_id, ordinal, tenant_id, name, due_at) select @id, ordinal, @Tenant, name, @now from unnest(@names) with ordinality as s (name, ordinal)",
            new { id, work.Tenant, names = steps.ToArray(), now }, ct);
        return id;
    }

    public static Task<CycleRow?> FindAsync(Work work, Guid id, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<CycleRow>("select * from cycles where id = @id and tenant_id = @Tenant", new { id, work.Tenant }, ct);

    /// <summary>Moves a cycle from one of the states that allow it.</summary>
    /// <returns>False when it was in none of them.</returns>
    public static async Task<bool> MoveAsync(Work work, Guid id, string[] from, string to, CancellationToken ct) =>
        await work.ExecuteAsync(
            "update cycles set state = @to where id = @id and tenant_id = @Tenant and state = any(@from)", new { id, work.Tenant, from, to }, ct) == 1;

    /// <summary>All that the tenant has open.</summary>
    public static Task PauseAllAsync(Work work, CancellationToken ct) =>
        work.ExecuteAsync("update cycles set state = 'paused' where tenant_id = @Tenant and state in ('queued', 'running')", new { work.Tenant }, ct);
}

internal sealed record CycleRow
{
    public Guid Id { get; init; }
    public DateOnly Day { get; init; }
    public string Source { get; init; } = "";
    public Guid? FeedId { get; init; }
    public string State { get; init; } = "";
    public string Trigger { get; init; } = "";
    public string RequestedBy { get; init; } = "";
    public DateTimeOffset CreatedAt { get; init; }
    public DateTimeOffset? FinishedAt { get; init; }
    public string? Error { get; init; }
}
