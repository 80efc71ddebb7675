using Empire.Data;
using Empire.Http;
using Empire.Telemetry.Settling;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Fleet;

/// <summary><c>GET /api/v1/telemetry/history</c> and <c>GET /api/gpu/history</c>: the fleet, or one GPU of it, over time.</summary>
public static class ShowHistory
{
    private const int MostPoints = 5_000;

    /// <param name="Samples">How many are behind the point.</param>
    /// <param name="GpuUtil">Percent, mean of the samples that tell it; null where none does.</param>
    /// <param name="MemUsed">MiB, mean of the samples.</param>
    /// <param name="Temperature">Degrees Celsius, mean; null: not known.</param>
    /// <param name="Power">W, mean of the samples, of one GPU.</param>
    /// <param name="EnergyJoules">Together.</param>
    /// <param name="Cost">US dollars, together.</param>
    /// <param name="Wasted">US dollars of it that the savings rule counts.</param>
    public sealed record Point(
        DateTimeOffset At, long Samples, decimal? GpuUtil, decimal? GpuUtilMax, decimal MemUsed, long MemUsedMax, decimal? Temperature, int? TemperatureMax, decimal? Power, decimal? PowerMax, decimal EnergyJoules,
        decimal Cost, decimal Wasted);

    /// <param name="Step">1m, 1h or 1d: what the points are of.</param>
    /// <param name="Note">Says so where the step that was asked for is not kept for all of the period, and which step is; otherwise null.</param>
    /// <example>{"status": "success", "from": "2026-03-01T09:00:00+00:00", "to": "2026-03-02T09:00:00+00:00", "step": "1h", "points": [{"at": "2026-03-02T08:00:00+00:00", "samples": 12,
    /// "gpu_util": 12.5, "gpu_util_max": 20, "mem_used": 9200, "mem_used_max": 9312, "temperature": 41.5, "temperature_max": 44, "power": 78.2, "power_max": 90.5, "energy_joules": 281520,
    /// "cost": 2.48, "wasted": 2.17}], "note": null}</example>
    public sealed record Response(string Status, DateTimeOffset From, DateTimeOffset To, string Step, IReadOnlyList<Point> Points, string? Note);

    /// <summary>Own series first, each then by its key: the table has everybody's rows.</summary>
    internal static string Sql(RollUpStep step) =>
        $"""
        select r.starts_at, sum(r.samples) as samples, sum(r.unknown_utils) as unknown_utils, sum(r.util_sum) as util_sum, max(r.util_max) as util_max, sum(r.mem_used_sum) as mem_used_sum, max(r.mem_used_max) as mem_used_max,
          sum(r.temperatures) as temperatures, sum(r.temperature_sum) as temperature_sum, max(r.temperature_max) as temperature_max, sum(r.powers) as powers, sum(r.power_sum) as power_sum,
          max(r.power_max) as power_max, sum(r.energy_mj) as energy_mj, sum(r.cost_micro_ms) as cost_micro_ms, sum(r.waste_micro_ms) as waste_micro_ms
        from gpus g join {RollUpTable.NameOf(step)} r on r.gpu_id = g.id
        where g.tenant_id = @tenant and r.tenant_id = @tenant and r.starts_at >= @start and r.starts_at < @end
          and (@agentId::uuid is null or g.agent_id = @agentId) and (@gpuIndex::int is null or g.gpu_index = @gpuIndex)
        group by r.starts_at order by r.starts_at
        """;

    /// <param name="from">Default: a day before <paramref name="to"/>.</param>
    /// <param name="to">Default: now.</param>
    /// <param name="step">1m, 1h, 1d; default: what the period fits and is still kept.</param>
    /// <param name="agentId">Only GPUs of this agent.</param>
    /// <param name="gpuIndex">Only GPUs in this place.</param>
    internal static async Task<Response> HandleAsync(
        DateTimeOffset? from, DateTimeOffset? to, string? step, [FromQuery(Name = "agent_id")] Guid? agentId, [FromQuery(Name = "gpu_index")] int? gpuIndex, Caller caller, Database db, IOptions<SettleOptions> options, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var end = to ?? work.Now;
        var start = from ?? end.AddDays(-1);
        if (start >= end) throw new InvalidFieldException("from", "wanted: before to.");
        var asked = AskedStep(step);
        var kept = new Kept(options.Value, await work.QuerySingleOrDefaultAsync<string>("select tier from accounts where tenant_id = current_tenant()", ct: ct), work.Now);
        var chosen = asked ?? kept.From(StepOf(end - start), start);
        if ((end - start).TotalSeconds / (int)chosen > MostPoints) throw new InvalidFieldException("step", $"wanted: at most {MostPoints} points; take a longer step or a shorter period.");
        var rows = await work.QueryAsync<Row>(Sql(chosen), new { tenant = caller.Tenant.Value, start = Floor(start, chosen).UtcDateTime, end = end.UtcDateTime, agentId, gpuIndex }, ct);
        return new("success", start, end, NameOf(chosen), [.. rows.Select(row => row.ToPoint())], kept.Has(chosen, start) ? null : kept.Note(chosen, start));
    }

    /// <summary>Minutes up to six hours, hours up to a month, then days.</summary>
    internal static RollUpStep StepOf(TimeSpan period) => period <= TimeSpan.FromHours(6) ? RollUpStep.Minute : period <= TimeSpan.FromDays(31) ? RollUpStep.Hour : RollUpStep.Day;

    private static RollUpStep? AskedStep(string? step) => step switch
    {
        "1m" => RollUpStep.Minute,
        "1h" => RollUpStep.Hour,
        "1d" => RollUpStep.Day,
        null => null,
        _ => throw new InvalidFieldException("step", "wanted: 1m, 1h or 1d."),
    };

    private static string NameOf(RollUpStep step) => step switch
    {
        RollUpStep.Minute => "1m",
        RollUpStep.Hour => "1h",
        _ => "1d",
    };

    private static DateTimeOffset Floor(DateTimeOffset at, RollUpStep step) => DateTimeOffset.FromUnixTimeSeconds(at.ToUnixTimeSeconds() / (int)step * (int)step);

    /// <summary>What is kept of an account's sums now.</summary>
    /// <param name="Tier">Null: not known yet.</param>
    private sealed record Kept(SettleOptions Options, string? Tier, DateTimeOffset Now)
    {
        public bool Has(RollUpStep step, DateTimeOffset at) => Options.DaysOf(step, Tier) is not { } days || at >= Now.AddDays(-days);

        /// <summary>That step, or the next longer one that goes back so far.</summary>
        public RollUpStep From(RollUpStep step, DateTimeOffset at) => Has(step, at) ? step : step == RollUpStep.Minute && Has(RollUpStep.Hour, at) ? RollUpStep.Hour : RollUpStep.Day;

        public string Note(RollUpStep step, DateTimeOffset at)
        {
            var days = Options.DaysOf(step, Tier)!.Value;
            return $"Points of {NameOf(step)} are kept for {days} days{(Tier is null ? "" : $" in the tier {Tier}")}: those before {Now.AddDays(-days):yyyy-MM-ddTHH:mm:ssZ} are gone. step={NameOf(From(step, at))} goes back so far.";
        }
    }

    private sealed record Row
    {
        public DateTimeOffset StartsAt { get; init; }
        public long Samples { get; init; }
        public long UnknownUtils { get; init; }
        public decimal UtilSum { get; init; }
        public int UtilMax { get; init; }
        public decimal MemUsedSum { get; init; }
        public long MemUsedMax { get; init; }
        public long Temperatures { get; init; }
        public decimal TemperatureSum { get; init; }
        public int? TemperatureMax { get; init; }
        public long Powers { get; init; }
        public decimal PowerSum { get; init; }
        public int? PowerMax { get; init; }
        public decimal EnergyMj { get; init; }
        public decimal CostMicroMs { get; init; }
        public decimal WasteMicroMs { get; init; }

        public Point ToPoint() => new(
            StartsAt, Samples, Samples == UnknownUtils ? null : decimal.Round(UtilSum / (Samples - UnknownUtils) / 100, 2), Samples == UnknownUtils ? null : UtilMax / 100m, decimal.Round(MemUsedSum / Samples, 2), MemUsedMax,
            Temperatures == 0 ? null : decimal.Round(TemperatureSum / Temperatures, 2), TemperatureMax, Powers == 0 ? null : decimal.Round(PowerSum / Powers / 10, 2), PowerMax / 10m, EnergyMj / 1000,
            Dollars.OfTime(CostMicroMs), Dollars.OfTime(WasteMicroMs));
    }
}
