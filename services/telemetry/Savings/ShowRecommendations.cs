using Empire.Data;
using Empire.Http;
using Empire.Telemetry.Prices;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Savings;

/// <summary><c>GET /api/v1/telemetry/recommendations</c>: what would cost less, from how the last 14 days were.</summary>
public static class ShowRecommendations
{
    /// <param name="MonthlySavings">US dollars, of all together: no GPU is counted twice.</param>
    /// <example>{"days": 14, "monthly_savings": 595.2, "recommendations": [{"kind": "schedule_shutdown", "agent_id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f9012", "hostname": "trainer-1",
    /// "gpu_index": null, "action": "Shut the host down from 20:00 to 04:00 UTC each day.", "monthly_savings": 595.2, "confidence": "high",
    /// "evidence": "In 112 of 112 such hours on 14 days every GPU stayed below 10 % of use."}]}</example>
    public sealed record Response(int Days, decimal MonthlySavings, IReadOnlyList<Recommendation> Recommendations);

    internal static async Task<Response> HandleAsync(Caller caller, Database db, PriceBook prices, IOptions<PriceOptions> options, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var advice = await AdviceReader.ReadAsync(work, prices, options.Value, ct);
        return new(AdviceReader.Days, advice.Sum(one => one.MonthlySavings), advice);
    }
}
