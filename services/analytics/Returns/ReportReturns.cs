using Empire.Data;
using Empire.Http;

namespace Empire.Analytics.Returns;

/// <summary><c>GET /api/v1/analytics/roi</c>: what came back for what was spent, per product, niche, platform, prompt version or campaign.</summary>
public static class ReportReturns
{
    /// <param name="by">product, niche, platform, prompt_version or campaign.</param>
    /// <param name="from">First UTC day; without it, from the beginning.</param>
    /// <param name="to">Last UTC day, included; without it, until now.</param>
    /// <param name="currency">Of the report itself; default USD. Amounts in others are listed apart.</param>
    public static async Task<ReturnReport> HandleAsync(string? by, DateOnly? from, DateOnly? to, string? currency, Caller caller, Database db, CancellationToken ct)
    {
        if (by is null || (by != Dimension.Campaign && !Dimension.All.Contains(by))) throw new InvalidFieldException("by", "wanted: product, niche, platform, prompt_version or campaign.");
        if (!Currency.TryParse(currency ?? "USD", out var reported)) throw new InvalidFieldException("currency", "wanted: an ISO 4217 code, as in USD.");
        var period = Period.Of(from, to);
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return ReturnReport.Of(by, period, reported, await ReturnTable.MoneyAsync(work, by, period, ct), await ReturnTable.CountsAsync(work, by, period, ct));
    }
}
