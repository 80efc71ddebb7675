using Empire.Data;
using Empire.Http;
using Empire.Telemetry.Prices;
using Empire.Telemetry.Savings;
using Empire.Telemetry.Settling;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Fleet;

/// <summary><c>GET /api/v1/telemetry/current</c> and <c>GET /api/gpu/current</c>: each GPU as last seen, and what they cost together. Of which nothing came for
/// as long as the tier keeps samples is left out.</summary>
public static class ShowCurrent
{
    /// <param name="GpusMonitored">Those that report.</param>
    /// <param name="HourlyCost">US dollars, as all here.</param>
    /// <param name="MonthlyProjection">The hourly cost over 720 hours.</param>
    /// <param name="MonthlySavings">What is wasted now, over 720 hours.</param>
    /// <param name="AverageUtil">Percent, of those that tell it; null where none does.</param>
    /// <example>{"status": "success", "gpus_monitored": 1, "average_util": 12.5, "hourly_cost": 2.48, "monthly_projection": 1785.6, "potential_hourly_savings": 2.17,
    /// "monthly_savings": 1562.4, "gpus": [{"agent_id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f9012", "hostname": "trainer-1", "provider": "gcp", "region": "us-central1",
    /// "instance_type": "n1-v100", "gpu_index": 0, "mig_instance": null, "gpu_uuid": "GPU-2f1c8e0a-5b7d-4c3e-9a4b-5c6d7e8f9012", "gpu_name": "Tesla V100",
    /// "observed_at": "2026-03-02T08:00:00+00:00", "stale": false, "gpu_util": 12.5, "mem_util": 8, "mem_used": 9200, "mem_total": 16384, "temperature": 41, "power": 78.2,
    /// "job_id": "train-embeddings", "cost_per_hour": 2.48, "potential_savings": 2.17, "note": null, "price": {"kind": "book", "instance_type": "n1-v100", "region": "us-central1",
    /// "read_on": "2026-11-21", "source": "G; spot from skypilot-catalog v9 (G)", "spot": false, "another_region": false}}]}</example>
    public sealed record Response(
        string Status, int GpusMonitored, decimal? AverageUtil, decimal HourlyCost, decimal MonthlyProjection, decimal PotentialHourlySavings, decimal MonthlySavings, IReadOnlyList<GpuView> Gpus);

    internal static async Task<Response> HandleAsync(Caller caller, Database db, PriceBook prices, IOptions<SettleOptions> options, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var days = options.Value.DaysOf(RollUpStep.Minute, await work.QuerySingleOrDefaultAsync<string>("select tier from accounts where tenant_id = current_tenant()", ct: ct))!.Value;
        var gpus = await GpuNow.AllAsync(work, caller.Tenant, work.Now.AddDays(-days), ct);
        var live = gpus.Where(gpu => !gpu.Stale).ToArray();
        var (cost, waste) = (live.Sum(gpu => gpu.RateMicros), live.Sum(gpu => gpu.WasteMicros));
        return new(
            "success", live.Length, live.Average(gpu => gpu.Sample.GpuUtil) is { } mean ? decimal.Round(mean, 2) : null, Dollars.Of(cost), Dollars.Of(cost * SavingsRule.HoursOfMonth), Dollars.Of(waste),
            Dollars.Of(waste * SavingsRule.HoursOfMonth), [.. gpus.Select(gpu => gpu.ToView(prices))]);
    }
}
