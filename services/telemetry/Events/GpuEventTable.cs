using Empire.Data;
using Empire.Telemetry.Settling;

namespace Empire.Telemetry.Events;

/// <summary>What was told of GPUs and hosts, as long as it lasts and afterwards. Written in the transaction that publishes it.</summary>
internal static class GpuEventTable
{
    public const string Idle = "idle", Hot = "hot", Throttled = "throttled", Ecc = "ecc", AgentLost = "agent_lost";

    public static readonly string[] Kinds = [Idle, Hot, Throttled, Ecc, AgentLost];

    /// <summary>What the samples of an agent's GPUs told, in the order in which they told it.</summary>
    public static async Task SaveAsync(Work work, Guid tenant, Guid agent, IReadOnlyCollection<(long Gpu, Finding Found)> findings, CancellationToken ct)
    {
        if (findings.Count == 0) return;
        var begun = findings.Where(one => !one.Found.IsEnd).ToArray();
        var ended = findings.Where(one => one.Found.IsEnd).ToArray();
        await work.ExecuteAsync(
            """
            insert into gpu_events (id, tenant_id, agent_id, gpu_id, kind, since, told_at, ended_at, rate_micros, temperature, reasons, uncorrected, xid)
            select n.id, @tenant, @agent, n.gpu, n.kind, n.since, @Now, case when n.kind = 'ecc' then n.since end, case when n.kind = 'idle' then n.value end, case when n.kind = 'hot' then n.value end,
              case when n.kind = 'throttled' then n.value end, case when n.kind = 'ecc' then n.value end, case when n.kind = 'ecc' then n.xid end
            from unnest(@ids, @gpus, @kinds, @since, @values, @xids) as n (id, gpu, kind, since, value, xid);
            update gpu_events e set ended_at = greatest(n.at, e.since)
            from unnest(@endedGpus, @endedKinds, @endedSince, @endedAt) as n (gpu, kind, since, at)
            where e.tenant_id = @tenant and e.agent_id = @agent and e.ended_at is null and e.gpu_id = n.gpu and e.kind = n.kind and e.since = n.since
            """,
            new
            {
                tenant, agent, Now = work.Now.UtcDateTime,
                ids = begun.Select(_ => Guid.CreateVersion7(work.Now)).ToArray(), gpus = begun.Select(one => one.Gpu).ToArray(), kinds = begun.Select(one => one.Found.Kind).ToArray(),
                since = begun.Select(one => At(one.Found.Since)).ToArray(), values = begun.Select(one => one.Found.Value).ToArray(), xids = begun.Select(one => one.Found.Xid).ToArray(),
                endedGpus = ended.Select(one => one.Gpu).ToArray(), endedKinds = ended.Select(one => one.Found.Kind).ToArray(), endedSince = ended.Select(one => At(one.Found.Since)).ToArray(),
                endedAt = ended.Select(one => At(one.Found.At)).ToArray(),
            }, ct);
    }

    /// <summary>Hosts of the work's account from which nothing comes any more.</summary>
    public static Task SaveLostAsync(Work work, IReadOnlyCollection<(Guid Agent, DateTimeOffset LastSeenAt)> lost, CancellationToken ct) => work.ExecuteAsync(
        "insert into gpu_events (id, tenant_id, agent_id, kind, since, told_at) select n.id, @Tenant, n.agent, 'agent_lost', n.since, @Now from unnest(@ids, @agents, @since) as n (id, agent, since)",
        new
        {
            work.Tenant, Now = work.Now.UtcDateTime, ids = lost.Select(_ => Guid.CreateVersion7(work.Now)).ToArray(), agents = lost.Select(one => one.Agent).ToArray(),
            since = lost.Select(one => one.LastSeenAt.UtcDateTime).ToArray(),
        }, ct);

    private static DateTime At(long unixMilliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).UtcDateTime;
}
