using Empire.Data;
using Empire.Telemetry.Settling;

namespace Empire.Telemetry.Events;

/// <summary>What was told of GPUs and hosts, as long as it lasts and afterwards. Written in the transaction that publishes it.</summary>
internal static class GpuEventTable
{
    public const string Idle = "idle", Hot = "hot", Throttled = "throttled", Ecc = "ecc", GpuLost = "gpu_lost", AgentLost = "agent_lost";

    public static readonly string[] Kinds = [Idle, Hot, Throttled, Ecc, GpuLost, AgentLost];

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

    /// <summary>GPUs of a host of the work's account from which nothing comes any more while the host goes on.</summary>
    /// <param name="lost">Each with its last sample, and the last error that the driver had told of it; 0: none.</param>
    public static async Task SaveGpusLostAsync(Work work, Guid agent, IReadOnlyCollection<(long Gpu, DateTimeOffset LastAt, long Xid)> lost, CancellationToken ct)
    {
        if (lost.Count == 0) return;
        await work.ExecuteAsync(
            "insert into gpu_events (id, tenant_id, agent_id, gpu_id, kind, since, told_at, xid) select n.id, @Tenant, @agent, n.gpu, 'gpu_lost', n.since, @Now, n.xid from unnest(@ids, @gpus, @since, @xids) as n (id, gpu, since, xid)",
            new
            {
                work.Tenant, agent, Now = work.Now.UtcDateTime, ids = lost.Select(_ => Guid.CreateVersion7(work.Now)).ToArray(), gpus = lost.Select(one => one.Gpu).ToArray(),
                since = lost.Select(one => one.LastAt.UtcDateTime).ToArray(), xids = lost.Select(one => one.Xid).ToArray(),
            }, ct);
    }

    /// <summary>Ends what was told of lost GPUs, of every account, that report again, in whichever place of their host; of those without a UUID, where there is one in their place.</summary>
    public static Task EndFoundAsync(Work work, CancellationToken ct) => work.ExecuteAsync(
        """
        update gpu_events e set ended_at = found.at from (
          select l.id, max(s.last_at) as at from gpu_events l join gpus g on g.id = l.gpu_id
            join gpus o on o.tenant_id = g.tenant_id and o.agent_id = g.agent_id and o.mig_instance < 0 and (case when g.gpu_uuid = '' then o.gpu_index = g.gpu_index else o.gpu_uuid = g.gpu_uuid end)
            join gpu_states s on s.gpu_id = o.id and s.last_at > l.since
          where l.kind = 'gpu_lost' and l.ended_at is null group by l.id
        ) found where e.id = found.id
        """, ct: ct);

    private static DateTime At(long unixMilliseconds) => DateTimeOffset.FromUnixTimeMilliseconds(unixMilliseconds).UtcDateTime;
}
