using Empire.Data;
using Empire.Telemetry.Prices;

namespace Empire.Telemetry.Savings;

/// <summary>How the hosts of an account were used that are still on, and what that advises.</summary>
internal static class AdviceReader
{
    /// <summary>Looked back upon.</summary>
    public const int Days = 14;

    /// <summary>A host that has said nothing for a day is off: nothing is left to save on it.</summary>
    private const int SilentDays = 1;

    /// <summary>Hours of the day at which a host was not on for so many days are switched off already.</summary>
    private const int OffDays = 3;

    /// <summary>Series that still report: a card that has been taken out stays behind the others of its host.</summary>
    private const string Live =
        """
        with live as (
          select o.* from (
            select g.id, g.agent_id, g.gpu_index, g.mig_instance, g.gpu_name, s.last_at, max(s.last_at) over (partition by g.agent_id) as host_last_at from gpus g join gpu_states s on s.gpu_id = g.id where g.tenant_id = @tenant
          ) o join agents a on a.tenant_id = @tenant and a.id = o.agent_id
          where o.host_last_at >= @heard and o.last_at >= o.host_last_at - greatest(interval '1 hour', a.interval_seconds * interval '12 seconds')
        )
        """;

    internal const string GpusSql =
        $"""
        {Live}
        select g.agent_id, a.hostname, a.provider, a.region, a.instance_type, a.spot, g.gpu_index, g.mig_instance >= 0 as part, g.gpu_name, r.* from live g join agents a on a.tenant_id = @tenant and a.id = g.agent_id
          cross join lateral (
            select sum(util_sum) / nullif(sum(samples - unknown_utils), 0) / 100.0 as util, max(util_sum / nullif(samples - unknown_utils, 0)) / 100.0 as peak_util, max(mem_used_max) as mem_peak, max(mem_total_max) as mem_total, count(*)::int as hours,
              count(distinct starts_at::date)::int as days, case when sum(ms) = 0 then 0 else (sum(cost_micro_ms) / sum(ms))::bigint end as rate_micros
            from rollups_hour where tenant_id = @tenant and gpu_id = g.id and starts_at >= @since having count(*) > 0
          ) r
        order by g.agent_id, g.gpu_index, g.id
        """;

    internal const string HoursSql =
        $"""
        {Live}
        select agent_id, hour, count(*)::int as watched, count(*) filter (where busiest < 1000)::int as quiet from (
          select g.agent_id, r.starts_at, extract(hour from r.starts_at at time zone 'utc')::int as hour, max(r.util_sum / nullif(r.samples - r.unknown_utils, 0)) as busiest
          from live g join rollups_hour r on r.gpu_id = g.id where r.tenant_id = @tenant and r.starts_at >= @since group by 1, 2, 3
        ) h group by 1, 2 having max(starts_at) >= @on
        """;

    public static async Task<IReadOnlyList<Recommendation>> ReadAsync(Work work, PriceBook prices, PriceOptions options, CancellationToken ct)
    {
        var now = work.Now.UtcDateTime;
        var parameters = new { tenant = work.Tenant.Value, since = now.AddDays(-Days), heard = now.AddDays(-SilentDays), on = now.AddDays(-OffDays) };
        var gpus = await work.QueryAsync<GpuRow>(GpusSql, parameters, ct);
        var hours = await work.QueryAsync<HourRow>(HoursSql, parameters, ct);
        var quiet = hours.ToLookup(row => row.AgentId);
        // A GPU that is split stands for what its instances do not have: there is nothing on it to advise about. Of an instance whose use nobody knows, nobody can say that it is not needed.
        var hosts = gpus.Where(gpu => gpu.Part || gpu.Util is not null).GroupBy(gpu => gpu.AgentId).Where(host => host.All(gpu => gpu.Util is not null)).Select(host => new HostUse(
            host.Key, host.First().Hostname, host.First().Provider, host.First().Region, host.First().InstanceType, host.First().Spot, host.Max(gpu => gpu.Days),
            [.. host.Select(gpu => new GpuUse(gpu.AgentId, gpu.GpuIndex, gpu.Part, gpu.GpuName, gpu.Util!.Value, gpu.PeakUtil!.Value, gpu.MemPeak, gpu.MemTotal, gpu.Hours, gpu.RateMicros))],
            quiet[host.Key].ToDictionary(row => row.Hour, row => (row.Watched, row.Quiet))));
        return new Advice(prices, options, DateOnly.FromDateTime(work.Now.UtcDateTime)).For(hosts);
    }

    private sealed record GpuRow
    {
        public Guid AgentId { get; init; }
        public string Hostname { get; init; } = "";
        public string Provider { get; init; } = "";
        public string Region { get; init; } = "";
        public string InstanceType { get; init; } = "";
        public bool Spot { get; init; }
        public int GpuIndex { get; init; }
        public bool Part { get; init; }
        public string GpuName { get; init; } = "";
        public decimal? Util { get; init; }
        public decimal? PeakUtil { get; init; }
        public long MemPeak { get; init; }
        public long MemTotal { get; init; }
        public int Hours { get; init; }
        public int Days { get; init; }
        public long RateMicros { get; init; }
    }

    private sealed record HourRow
    {
        public Guid AgentId { get; init; }
        public int Hour { get; init; }
        public int Watched { get; init; }
        public int Quiet { get; init; }
    }
}
