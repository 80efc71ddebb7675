using System.Text.Json;
using Empire.Contracts;
using Empire.Data;
using Empire.Http;
using Empire.Telemetry.Events;
using Empire.Telemetry.Settling;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Agents;

/// <summary>Looks for GPUs, and parts of them, that stay behind the host they are in: taken out, fallen off the bus, split anew. What was told of them ends with their last sample, and a whole GPU that is not found
/// elsewhere in its host is told as lost, once until it reports again.</summary>
/// <remarks>A GPU is compared with the latest sample of its own host, by the same clock, and only where all that the host sent has been read: a clock that is off, and a host that catches up, lose nobody.</remarks>
internal sealed partial class GpuWatch(Database db, IOptions<SettleOptions> options, TimeProvider clock, ILogger<GpuWatch> log) : BackgroundService
{
    private const int HostsAtOnce = 200;
    private static readonly TimeSpan LookEvery = TimeSpan.FromMinutes(1);

    /// <returns>How many GPUs were told as lost.</returns>
    public async Task<int> LookAsync(CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        await GpuEventTable.EndFoundAsync(work, ct); // while the work still sees every account
        var changed = await work.QueryAsync<Host>(
            """
            with heard as (
              select g.tenant_id, g.agent_id, s.last_at, s.gone_at, max(s.last_at) over (partition by g.tenant_id, g.agent_id) as host_last_at from gpu_states s join gpus g on g.id = s.gpu_id
            )
            select distinct a.tenant_id, a.id, a.hostname, a.interval_seconds from heard h join agents a on a.tenant_id = h.tenant_id and a.id = h.agent_id
            where a.silent_since is null and a.unsettled_since is null
              and (h.gone_at < h.last_at or (h.gone_at is null and h.last_at < h.host_last_at - greatest(@least, a.interval_seconds * @intervals * interval '1 second')))
            order by a.tenant_id, a.id limit @HostsAtOnce
            """, new { least = options.Value.LostAfter, intervals = options.Value.LostAfterIntervals, HostsAtOnce }, ct);
        var told = 0;
        foreach (var ofTenant in changed.GroupBy(host => host.TenantId))
        {
            await work.ActForAsync(new(ofTenant.Key), ct);
            foreach (var host in ofTenant) told += await LookAsync(work, host, ct);
        }
        await work.CommitAsync(ct);
        return told;
    }

    private async Task<int> LookAsync(Work work, Host host, CancellationToken ct)
    {
        // The settling's own lock: its samples move the same states.
        if (await work.QuerySingleOrDefaultAsync<Guid?>("select agent_id from settlements where tenant_id = @TenantId and agent_id = @Id for update skip locked", new { host.TenantId, host.Id }, ct) is null) return 0;
        var gpus = await work.QueryAsync<Gpu>(
            """
            select g.id, g.gpu_index, g.mig_instance, g.gpu_uuid, g.gpu_name, s.last_at, s.gone_at, s.state::text as state_text from gpus g join gpu_states s on s.gpu_id = g.id
            where g.tenant_id = @TenantId and g.agent_id = @Id order by g.id
            """, new { host.TenantId, host.Id }, ct);
        if (gpus.Count == 0) return 0;
        var heardFrom = gpus.Max(gpu => gpu.LastAt) - options.Value.LostIn(host.IntervalSeconds);
        var present = gpus.Where(gpu => gpu.LastAt >= heardFrom).ToArray();
        var gone = gpus.Where(gpu => gpu.LastAt < heardFrom && (gpu.GoneAt is null || gpu.GoneAt < gpu.LastAt)).ToArray();
        var (findings, lost) = (new List<(long, Finding)>(), new List<(long, DateTimeOffset, long)>());
        foreach (var gpu in gone)
        {
            foreach (var end in gpu.State.EndStreaks())
            {
                GpuFacts.Publish(work, new(host.TenantId, host.Id, host.Hostname, gpu.GpuIndex, gpu.MigInstance, gpu.GpuName), end);
                findings.Add((gpu.Id, end));
            }
            if (gpu.MigInstance >= 0 || present.Any(gpu.IsAlso)) continue; // split in another way, put into another place, or named in another way
            lost.Add((gpu.Id, gpu.LastAt, gpu.State.Xid));
            work.Publish(new GpuLost
            {
                TenantId = host.TenantId, AgentId = host.Id, Hostname = host.Hostname, GpuIndex = gpu.GpuIndex, GpuUuid = gpu.GpuUuid, GpuName = gpu.GpuName, Xid = gpu.State.Xid, LastSeenAt = gpu.LastAt, OccurredAt = work.Now,
            });
        }
        await GpuEventTable.SaveAsync(work, host.TenantId, host.Id, findings, ct);
        await GpuEventTable.SaveGpusLostAsync(work, host.Id, lost, ct);
        await work.ExecuteAsync(
            """
            update gpu_states s set gone_at = s.last_at, state = n.state::jsonb from unnest(@ids, @states) as n (id, state) where s.gpu_id = n.id;
            update gpu_states set gone_at = null where gpu_id = any(@present) and gone_at is not null
            """,
            new
            {
                ids = gone.Select(gpu => gpu.Id).ToArray(), states = gone.Select(gpu => JsonSerializer.Serialize(gpu.State, SnakeCaseJson.Options)).ToArray(), present = present.Select(gpu => gpu.Id).ToArray(),
            }, ct);
        return lost.Count;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(LookEvery, clock);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try { await LookAsync(stoppingToken); }
            catch (Exception e) when (!stoppingToken.IsCancellationRequested) { LogFailed(log, e); }
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Looking for GPUs that are gone failed")]
    private static partial void LogFailed(ILogger log, Exception e);

    private sealed record Host
    {
        public Guid TenantId { get; init; }
        public Guid Id { get; init; }
        public string Hostname { get; init; } = "";
        public int IntervalSeconds { get; init; }
    }

    private sealed record Gpu
    {
        public long Id { get; init; }
        public int GpuIndex { get; init; }
        public int MigInstance { get; init; }
        public string GpuUuid { get; init; } = "";
        public string GpuName { get; init; } = "";
        public DateTimeOffset LastAt { get; init; }
        public DateTimeOffset? GoneAt { get; init; }
        public string StateText { get; init; } = "{}";
        public GpuState State => state ??= JsonSerializer.Deserialize<GpuState>(StateText, SnakeCaseJson.Options)!;

        private GpuState? state;

        /// <summary>Whether the other whole GPU is this one under another name or in another place; where it has no UUID, whether there is one in its place.</summary>
        public bool IsAlso(Gpu other) => other.MigInstance < 0 && (GpuUuid.Length > 0 ? other.GpuUuid == GpuUuid : other.GpuIndex == GpuIndex);
    }
}
