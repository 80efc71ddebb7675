using Empire.Data;
using Empire.Telemetry.Prices;

namespace Empire.Telemetry.Savings;

/// <summary>How the hosts of an account were used, and what that advises.</summary>
internal static class AdviceReader
{
    /// <summary>Looked back upon.</summary>
    public const int Days = 14;

    public static async Task<IReadOnlyList<Recommendation>> ReadAsync(Work work, PriceBook prices, PriceOptions options, CancellationToken ct)
    {
        var parameters = new { tenant = work.Tenant.Value, since = work.Now.UtcDateTime.AddDays(-Days) };
        var gpus = await work.QueryAsync<GpuRow>(
            """
            select g.agent_id, a.hostname, a.provider, a.region, a.instance_type, a.spot, g.gpu_index, g.mig_instance >= 0 as part, g.gpu_name, r.* from (
              select gpu_id, sum(util_sum) / nullif(sum(samples - unknown_utils), 0) / 100.0 as util, max(util_sum / nullif(samples - unknown_utils, 0)) / 100.0 as peak_util, max(mem_used_max) as mem_peak, max(mem_total_max) as mem_total, count(*)::int as hours,
                count(distinct starts_at::date)::int as days, case when sum(ms) = 0 then 0 else (sum(cost_micro_ms) / sum(ms))::bigint end as rate_micros
              from rollups_hour where tenant_id = @tenant and starts_at >= @since group by gpu_id
            ) r join gpus g on g.id = r.gpu_id join agents a on a.tenant_id = g.tenant_id and a.id = g.agent_id
            order by g.agent_id, g.gpu_index, g.id
            """, parameters, ct);
        var hours = await work.QueryAsync<HourRow>(
            """
            select agent_id, hour, count(*)::int as watched, count(*) filter (where busiest < 1000)::int as quiet from (
              select g.agent_id, r.starts_at, extract(hour from r.starts_at at time zone 'utc')::int as hour, max(r.util_sum / nullif(r.samples - r.unknown_utils, 0)) as busiest
              from rollups_hour r join gpus g on g.id = r.gpu_id where r.tenant_id = @tenant and r.starts_at >= @since group by 1, 2, 3
            ) h group by 1, 2
            """, parameters, ct);
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
