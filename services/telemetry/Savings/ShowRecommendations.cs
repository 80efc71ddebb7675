using Empire.Data;
using Empire.Http;
using Empire.Telemetry.Prices;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Savings;

/// <summary><c>GET /api/v1/telemetry/recommendations</c>: what would cost less, from how the last 14 days were.</summary>
public static class ShowRecommendations
{
    /// <param name="MonthlySavings">US dollars, of all together: no GPU is counted twice.</param>
    public sealed record Response(int Days, decimal MonthlySavings, IReadOnlyList<Recommendation> Recommendations);

    internal static async Task<Response> HandleAsync(Caller caller, Database db, PriceBook prices, IOptions<PriceOptions> options, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var advice = await AdviceReader.ReadAsync(work, prices, options.Value, ct);
        return new(AdviceReader.Days, advice.Sum(one => one.MonthlySavings), advice);
    }
}
