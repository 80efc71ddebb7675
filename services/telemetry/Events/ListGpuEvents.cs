using Empire.Data;
using Empire.Http;
using Empire.Telemetry.Fleet;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Telemetry.Events;

/// <summary><c>GET /api/v1/telemetry/events</c>: GPUs that were idle, hot, slowed down, faulty or lost, and hosts that fell silent, the latest first.</summary>
public static class ListGpuEvents
{
    /// <summary>Reasons that cost speed. Source: nvml.h, nvmlClocksEventReason*.</summary>
    private static readonly (long Bit, string Name)[] Slowing = [(0x8, "hw_slowdown"), (0x20, "sw_thermal_slowdown"), (0x40, "hw_thermal_slowdown"), (0x80, "hw_power_brake_slowdown")];

    /// <param name="Kind">idle (below 10 % of use), hot, throttled (slowed down by heat or power), ecc (memory errors that could not be corrected, or an XID of the driver), gpu_lost (nothing comes of a GPU while its host goes on)
    /// or agent_lost.</param>
    /// <param name="GpuIndex">Null, as all that is of a GPU, where it is the host that is lost.</param>
    /// <param name="EndedAt">Null: it goes on. Errors have no length.</param>
    /// <param name="DurationSeconds">To its end; while it goes on, so far as the GPU was heard.</param>
    /// <param name="CostPerHour">US dollars, of an idle GPU; otherwise null.</param>
    /// <param name="Cost">US dollars for the time it was idle; otherwise null.</param>
    /// <param name="Temperature">Degrees Celsius when it was told, of a hot GPU.</param>
    /// <param name="ThrottleReasons">hw_slowdown, sw_thermal_slowdown, hw_thermal_slowdown, hw_power_brake_slowdown; null where it is another kind.</param>
    /// <param name="EccUncorrected">New errors.</param>
    /// <param name="Xid">Number of the driver's error, of a lost GPU the last that was told of it; null: none.</param>
    /// <param name="ToldAt">When it was found: later than <paramref name="Since"/> by what makes it worth telling, and by what the host was cut off.</param>
    /// <example>{"id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f9061", "kind": "idle", "agent_id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f9012", "hostname": "trainer-1", "gpu_index": 0,
    /// "mig_instance": null, "gpu_name": "Tesla V100", "since": "2026-03-02T08:00:00+00:00", "ended_at": "2026-03-02T10:00:00+00:00", "duration_seconds": 7200, "cost_per_hour": 3.06, "cost": 6.12,
    /// "temperature": null, "throttle_reasons": null, "ecc_uncorrected": null, "xid": null, "told_at": "2026-03-02T08:15:01+00:00"}</example>
    public sealed record GpuEvent(
        Guid Id, string Kind, Guid AgentId, string Hostname, int? GpuIndex, int? MigInstance, string? GpuName, DateTimeOffset Since, DateTimeOffset? EndedAt, double DurationSeconds, decimal? CostPerHour, decimal? Cost,
        int? Temperature, IReadOnlyList<string>? ThrottleReasons, long? EccUncorrected, long? Xid, DateTimeOffset ToldAt);

    /// <param name="kind">Only of this kind.</param>
    /// <param name="agentId">Only of this host.</param>
    /// <param name="gpuIndex">Only of GPUs in this place.</param>
    /// <param name="open">true: only what goes on; false: only what is over.</param>
    /// <param name="from">Only what was not over before.</param>
    /// <param name="to">Only what began before.</param>
    internal static async Task<Page<GpuEvent>> HandleAsync(
        string? kind, [FromQuery(Name = "agent_id")] Guid? agentId, [FromQuery(Name = "gpu_index")] int? gpuIndex, bool? open, DateTimeOffset? from, DateTimeOffset? to, [AsParameters] PageRequest page, Caller caller, Database db,
        CancellationToken ct)
    {
        if (kind is not null && !GpuEventTable.Kinds.Contains(kind)) throw new InvalidFieldException("kind", $"wanted: {string.Join(", ", GpuEventTable.Kinds)}.");
        if (from >= to) throw new InvalidFieldException("from", "wanted: before to.");
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Row>(
            """
            select e.id, e.kind, e.agent_id, a.hostname, g.gpu_index, g.mig_instance, g.gpu_name, e.since, e.ended_at, e.told_at, e.rate_micros, e.temperature, e.reasons, e.uncorrected, e.xid,
              coalesce(e.ended_at, case when e.kind = 'agent_lost' then @Now when e.kind = 'gpu_lost' then case when a.silent_since is null then @Now else a.last_seen_at end else coalesce(s.last_at, e.told_at) end) as known_to
            from gpu_events e join agents a on a.tenant_id = e.tenant_id and a.id = e.agent_id left join gpus g on g.id = e.gpu_id left join gpu_states s on s.gpu_id = e.gpu_id
            where e.tenant_id = current_tenant() and (@kind::text is null or e.kind = @kind) and (@agentId::uuid is null or e.agent_id = @agentId) and (@gpuIndex::int is null or g.gpu_index = @gpuIndex)
              and (@open::boolean is null or (e.ended_at is null) = @open) and (@from::timestamptz is null or e.ended_at is null or e.ended_at >= @from) and (@to::timestamptz is null or e.since < @to)
              and (@afterAt::timestamptz is null or (e.told_at, e.id) < (@afterAt, @afterId::uuid))
            order by e.told_at desc, e.id desc limit @limit
            """,
            new { kind, agentId, gpuIndex, open, from = from?.UtcDateTime, to = to?.UtcDateTime, afterAt = after?.At, afterId = after?.Id, Now = work.Now.UtcDateTime, limit = page.Fetch }, ct);
        return page.ToPage(rows, row => (row.ToldAt, row.Id)).Select(row => row.ToEvent());
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public string Kind { get; init; } = "";
        public Guid AgentId { get; init; }
        public string Hostname { get; init; } = "";
        public int? GpuIndex { get; init; }
        public int? MigInstance { get; init; }
        public string? GpuName { get; init; }
        public DateTimeOffset Since { get; init; }
        public DateTimeOffset? EndedAt { get; init; }
        public DateTimeOffset ToldAt { get; init; }
        public DateTimeOffset KnownTo { get; init; }
        public long? RateMicros { get; init; }
        public int? Temperature { get; init; }
        public long? Reasons { get; init; }
        public long? Uncorrected { get; init; }
        public long? Xid { get; init; }

        public GpuEvent ToEvent()
        {
            var lasted = KnownTo > Since ? KnownTo - Since : TimeSpan.Zero;
            return new(
                Id, Kind, AgentId, Hostname, GpuIndex, MigInstance < 0 ? null : MigInstance, GpuName, Since, EndedAt, lasted.TotalSeconds, RateMicros is { } rate ? Dollars.Of(rate) : null,
                RateMicros is { } idle ? Dollars.OfTime(idle * (decimal)lasted.TotalMilliseconds) : null, Temperature,
                Reasons is { } bits ? [.. Slowing.Where(reason => (bits & reason.Bit) != 0).Select(reason => reason.Name)] : null, Uncorrected, Xid is > 0 ? Xid : null, ToldAt);
        }
    }
}
