using Empire.Data;
using Empire.Http;
using Empire.Telemetry.Savings;

namespace Empire.Telemetry.Fleet;

/// <summary><c>GET /api/v1/telemetry/current</c> and <c>GET /api/gpu/current</c>: each GPU as last seen, and what they cost together.</summary>
public static class ShowCurrent
{
    /// <param name="GpusMonitored">Those that report.</param>
    /// <param name="HourlyCost">US dollars, as all here.</param>
    /// <param name="MonthlyProjection">The hourly cost over 720 hours.</param>
    /// <param name="MonthlySavings">What is wasted now, over 720 hours.</param>
    /// <param name="AverageUtil">Percent, of those that tell it; null where none does.</param>
    public sealed record Response(
        string Status, int GpusMonitored, decimal? AverageUtil, decimal HourlyCost, decimal MonthlyProjection, decimal PotentialHourlySavings, decimal MonthlySavings, IReadOnlyList<GpuView> Gpus);

    public static async Task<Response> HandleAsync(Caller caller, Database db, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var gpus = await GpuNow.AllAsync(work, caller.Tenant, ct);
        var live = gpus.Where(gpu => !gpu.Stale).ToArray();
        var (cost, waste) = (live.Sum(gpu => gpu.RateMicros), live.Sum(gpu => gpu.WasteMicros));
        return new(
            "success", live.Length, live.Average(gpu => gpu.Sample.GpuUtil) is { } mean ? decimal.Round(mean, 2) : null, Dollars.Of(cost), Dollars.Of(cost * SavingsRule.HoursOfMonth), Dollars.Of(waste),
            Dollars.Of(waste * SavingsRule.HoursOfMonth), [.. gpus.Select(gpu => gpu.ToView())]);
    }
}
