using System.Text.Json;
using Empire.Data;
using Empire.Http;
using Empire.Telemetry.Carbon;

namespace Empire.Telemetry.Fleet;

/// <summary><c>GET /api/v1/telemetry/fleet</c>: the agents, what 30 days, or those asked for, cost by provider, type and team, and who wasted most.</summary>
public static class ShowFleet
{
    private const int Days = 30, MostWasters = 10;

    /// <param name="Gpus">Without those that stay behind their host.</param>
    /// <param name="SilentSince">When it was found that nothing comes any more; null: it reports.</param>
    /// <param name="SamplesSummarised">Merged by the agent because its spool was full.</param>
    /// <param name="SamplesLost">Given up by the agent.</param>
    public sealed record Agent(
        Guid AgentId, string Hostname, string Provider, string Region, string InstanceType, string DriverVersion, string AgentVersion, int IntervalSeconds, bool Spot, IReadOnlyDictionary<string, string> Labels,
        int Gpus, DateTimeOffset FirstSeenAt, DateTimeOffset LastSeenAt, DateTimeOffset? SilentSince, long SamplesSummarised, long SamplesLost);

    /// <param name="Cost">US dollars, as all here.</param>
    /// <param name="GpuHours">Hours that GPUs were watched.</param>
    public sealed record Share(string Name, decimal GpuHours, decimal Cost, decimal Wasted);

    public sealed record Waster(Guid AgentId, string Hostname, int GpuIndex, int? MigInstance, string GpuName, decimal? GpuUtil, decimal IdleHours, decimal Cost, decimal Wasted);

    /// <param name="Days">The figures are of so many, from and to included.</param>
    /// <param name="Agents">Those that were heard since <paramref name="From"/>.</param>
    /// <param name="ByTeam">By the hosts' label team.</param>
    /// <example>{"days": 30, "from": "2026-02-01", "to": "2026-03-02", "gpu_hours": 720, "cost": 1785.6, "wasted": 1562.4, "energy_kwh": 56.304, "emissions": {"co2e_kg": 23.237787, "energy_kwh": 56.304,
    /// "energy_kwh_without_factor": 0, "by_region": [{"provider": "gcp", "region": "us-central1", "energy_kwh": 56.304, "grams_per_kwh": 412.72, "year": 2024, "source": "G",
    /// "co2e_kg": 23.237787, "note": null}]}, "by_provider": [{"name": "gcp", "gpu_hours": 720, "cost": 1785.6, "wasted": 1562.4}], "by_gpu": [{"name": "Tesla V100", "gpu_hours": 720,
    /// "cost": 1785.6, "wasted": 1562.4}], "by_team": [{"name": "search", "gpu_hours": 720, "cost": 1785.6, "wasted": 1562.4}],
    /// "top_wasters": [{"agent_id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f9012", "hostname": "trainer-1", "gpu_index": 0, "mig_instance": null, "gpu_name": "Tesla V100", "gpu_util": 12.5,
    /// "idle_hours": 306, "cost": 1785.6, "wasted": 1562.4}], "agents": [{"agent_id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f9012", "hostname": "trainer-1", "provider": "gcp",
    /// "region": "us-central1", "instance_type": "n1-v100", "driver_version": "550.54.15", "agent_version": "0.1.0", "interval_seconds": 10, "spot": false, "labels": {"team": "search"},
    /// "gpus": 1, "first_seen_at": "2026-01-30T08:00:00+00:00", "last_seen_at": "2026-03-02T08:00:00+00:00", "silent_since": null, "samples_summarised": 0, "samples_lost": 0}]}</example>
    public sealed record Response(
        int Days, DateOnly From, DateOnly To, decimal GpuHours, decimal Cost, decimal Wasted, decimal EnergyKwh, Emissions Emissions, IReadOnlyList<Share> ByProvider, IReadOnlyList<Share> ByGpu, IReadOnlyList<Share> ByTeam, IReadOnlyList<Waster> TopWasters,
        IReadOnlyList<Agent> Agents);

    /// <summary>Own series first, each then by its key: the table has everybody's rows.</summary>
    internal const string SumsSql =
        """
        select g.agent_id, a.hostname, a.provider, a.region, a.labels::text as labels, coalesce(a.labels ->> 'team', '') as team, g.gpu_index, g.mig_instance, g.gpu_name, r.*
        from gpus g join agents a on a.tenant_id = g.tenant_id and a.id = g.agent_id
          cross join lateral (
            select sum(samples - unknown_utils) as samples, sum(ms) as ms, sum(util_sum) as util_sum, sum(idle_ms) as idle_ms, sum(cost_micro_ms) as cost, sum(waste_micro_ms) as waste, sum(energy_mj) as energy
            from rollups_day where tenant_id = @tenant and gpu_id = g.id and starts_at >= @since and starts_at < @before having count(*) > 0
          ) r
        where g.tenant_id = @tenant
        """;

    /// <param name="from">First day, in UTC; default: 29 days before <paramref name="to"/>.</param>
    /// <param name="to">Last day; default: today.</param>
    internal static async Task<Response> HandleAsync(DateOnly? from, DateOnly? to, Caller caller, Database db, CarbonBook carbon, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var tenant = caller.Tenant.Value;
        var last = to ?? DateOnly.FromDateTime(work.Now.UtcDateTime);
        var first = from ?? (last.DayNumber >= Days ? last.AddDays(1 - Days) : DateOnly.MinValue);
        if (first > last) throw new InvalidFieldException("from", "wanted: not after to.");
        var (since, before) = (first.ToDateTime(TimeOnly.MinValue, DateTimeKind.Utc), last.ToDateTime(TimeOnly.MaxValue, DateTimeKind.Utc));
        var agents = await work.QueryAsync<AgentRow>(
            """
            select a.*, a.labels::text as label_text, (select count(*)::int from gpus g join gpu_states s on s.gpu_id = g.id where g.tenant_id = @tenant and g.agent_id = a.id and s.gone_at is null) as gpus
            from agents a where a.tenant_id = @tenant and a.last_seen_at >= @since and a.first_seen_at < @before order by a.hostname, a.id limit 10000
            """, new { tenant, since, before }, ct);
        var sums = await work.QueryAsync<Sums>(SumsSql, new { tenant, since, before }, ct);
        var book = await CarbonFactors.BookAsync(work, carbon, ct);
        return new(
            last.DayNumber - first.DayNumber + 1, first, last, Hours(sums.Sum(row => row.Ms)), Dollars.OfTime(sums.Sum(row => row.Cost)), Dollars.OfTime(sums.Sum(row => row.Waste)), decimal.Round(sums.Sum(row => row.Energy) / 3_600_000_000m, 3),
            Emissions.Of(sums.Select(row => (row.Provider, row.Region, row.Labels, row.Energy)), book),
            Shares(sums, row => row.Provider.Length > 0 ? row.Provider : "own"), Shares(sums, row => row.GpuName), Shares(sums, row => row.Team.Length > 0 ? row.Team : "unassigned"),
            [.. sums.Where(row => row.Waste > 0).OrderByDescending(row => row.Waste).Take(MostWasters).Select(row => row.ToWaster())], [.. agents.Select(row => row.ToAgent())]);
    }

    private static IReadOnlyList<Share> Shares(IEnumerable<Sums> sums, Func<Sums, string> name) =>
        [.. sums.GroupBy(name).Select(group => new Share(group.Key, Hours(group.Sum(row => row.Ms)), Dollars.OfTime(group.Sum(row => row.Cost)), Dollars.OfTime(group.Sum(row => row.Waste))))
            .OrderByDescending(share => share.Cost).ThenBy(share => share.Name, StringComparer.Ordinal)];

    private static decimal Hours(decimal ms) => decimal.Round(ms / 3_600_000m, 4);

    private sealed record Sums
    {
        public Guid AgentId { get; init; }
        public string Hostname { get; init; } = "";
        public string Provider { get; init; } = "";
        public string Region { get; init; } = "";
        public string Labels { get; init; } = "{}";
        public string Team { get; init; } = "";
        public int GpuIndex { get; init; }
        public int MigInstance { get; init; }
        public string GpuName { get; init; } = "";
        /// <summary>Those that told their use.</summary>
        public decimal Samples { get; init; }
        public decimal Ms { get; init; }
        public decimal UtilSum { get; init; }
        public decimal IdleMs { get; init; }
        public decimal Cost { get; init; }
        public decimal Waste { get; init; }
        public decimal Energy { get; init; }

        public Waster ToWaster() => new(
            AgentId, Hostname, GpuIndex, MigInstance < 0 ? null : MigInstance, GpuName, Samples == 0 ? null : decimal.Round(UtilSum / Samples / 100, 2), Hours(IdleMs), Dollars.OfTime(Cost), Dollars.OfTime(Waste));
    }

    private sealed record AgentRow
    {
        public Guid Id { get; init; }
        public string Hostname { get; init; } = "";
        public string Provider { get; init; } = "";
        public string Region { get; init; } = "";
        public string InstanceType { get; init; } = "";
        public string DriverVersion { get; init; } = "";
        public string AgentVersion { get; init; } = "";
        public int IntervalSeconds { get; init; }
        public bool Spot { get; init; }
        public string LabelText { get; init; } = "{}";
        public int Gpus { get; init; }
        public DateTimeOffset FirstSeenAt { get; init; }
        public DateTimeOffset LastSeenAt { get; init; }
        public DateTimeOffset? SilentSince { get; init; }
        public long Summarised { get; init; }
        public long Lost { get; init; }

        public Agent ToAgent() => new(
            Id, Hostname, Provider, Region, InstanceType, DriverVersion, AgentVersion, IntervalSeconds, Spot, JsonSerializer.Deserialize<Dictionary<string, string>>(LabelText)!, Gpus, FirstSeenAt, LastSeenAt,
            SilentSince, Summarised, Lost);
    }
}
