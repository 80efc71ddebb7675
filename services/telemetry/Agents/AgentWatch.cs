using Empire.Contracts;
using Empire.Data;
using Empire.Telemetry.Events;
using Empire.Telemetry.Ingest;
using Empire.Telemetry.Settling;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Agents;

/// <summary>Tells of agents from which nothing comes any more, once until they report again. What nobody could report does not count: after a start, and after the database was away, each has
/// the longest wait between two of its tries, and then its time.</summary>
internal sealed partial class AgentWatch(Database db, Reachable reachable, IOptions<SettleOptions> options, TimeProvider clock, ILogger<AgentWatch> log) : BackgroundService
{
    private static readonly TimeSpan LookEvery = TimeSpan.FromSeconds(15);

    /// <param name="reachableSince">As <see cref="Reachable.Since"/>.</param>
    /// <returns>How many were told as lost.</returns>
    public async Task<int> LookAsync(DateTimeOffset reachableSince, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        await work.ExecuteAsync(
            """
            with heard as (update agents set silent_since = null where silent_since is not null and last_seen_at > silent_since returning tenant_id, id, last_seen_at)
            update gpu_events e set ended_at = h.last_seen_at from heard h where e.tenant_id = h.tenant_id and e.agent_id = h.id and e.kind = 'agent_lost' and e.ended_at is null
            """, ct: ct);
        var lost = await work.QueryAsync<Lost>(
            """
            update agents set silent_since = @Now
            where silent_since is null and not kernel.is_closed(tenant_id)
              and greatest(last_seen_at, @returnedBy, (select c.told_at + @longestReturn from kernel.closed_accounts c where c.tenant_id = agents.tenant_id)) < @Now - greatest(@least, interval_seconds * @intervals * interval '1 second')
            returning tenant_id, id, hostname, last_seen_at
            """, new { Now = work.Now.UtcDateTime, returnedBy = (reachableSince + options.Value.LongestReturn).UtcDateTime, longestReturn = options.Value.LongestReturn, least = options.Value.LostAfter, intervals = options.Value.LostAfterIntervals }, ct);
        foreach (var ofTenant in lost.GroupBy(agent => agent.TenantId))
        {
            await work.ActForAsync(new(ofTenant.Key), ct);
            foreach (var agent in ofTenant)
                work.Publish(new AgentLost { TenantId = agent.TenantId, AgentId = agent.Id, Hostname = agent.Hostname, LastSeenAt = agent.LastSeenAt, OccurredAt = work.Now });
            await GpuEventTable.SaveLostAsync(work, [.. ofTenant.Select(agent => (agent.Id, agent.LastSeenAt))], ct);
        }
        await work.CommitAsync(ct);
        return lost.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try { await LookAsync(reachable.Since, stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested)
            {
                reachable.Failed(e); // agents are not heard without the database, either
                LogFailed(log, e);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Looking for lost agents failed")]
    private static partial void LogFailed(ILogger log, Exception e);

    private sealed record Lost
    {
        public Guid TenantId { get; init; }
        public Guid Id { get; init; }
        public string Hostname { get; init; } = "";
        public DateTimeOffset LastSeenAt { get; init; }
    }
}
