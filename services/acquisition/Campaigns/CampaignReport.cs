namespace Empire.Acquisition.Campaigns;

/// <summary>What a campaign, or all of them, spent and brought in one currency.</summary>
/// <param name="Conversions">That came in, whether or not they were taken back later.</param>
/// <param name="Reversed">Taken back within the period.</param>
internal readonly record struct Result(Money Spend, Money Revenue, long Conversions, long Reversed, bool Test)
{
    /// <summary>(revenue − spend) / spend × 100, rounded half to even to two places. Null where nothing was spent: the figure is undefined, not infinite.</summary>
    public decimal? RoiPercent =>
        Spend.Micros == 0 ? null : decimal.Round((Revenue - Spend).Micros * 100m / Spend.Micros, 2, MidpointRounding.ToEven) + 0.00m; // always shows two

    public static Result None(Currency currency) => new(Money.Zero(currency), Money.Zero(currency), 0, 0, false);

    public static Result operator +(Result a, Result b) => new(a.Spend + b.Spend, a.Revenue + b.Revenue, a.Conversions + b.Conversions, a.Reversed + b.Reversed, a.Test || b.Test);
}

/// <summary>The figures of one campaign in the period.</summary>
/// <param name="Budget">Of the whole campaign, not of the period.</param>
/// <param name="Clicks">By people; those of programs are <paramref name="BotClicks"/>.</param>
/// <param name="Conversions">That came in, whether or not they were taken back later.</param>
/// <param name="Reversed">Taken back within the period.</param>
/// <param name="Revenue">Less what was taken back.</param>
/// <param name="RoiPercent">(revenue − spend) / spend × 100; null where nothing was spent.</param>
/// <param name="OtherCurrencies">Never added to the campaign's own.</param>
public sealed record CampaignFigures(
    string Id, string Name, string Channel, string Status, bool Archived, Currency Currency, decimal Budget, decimal Spend, long Clicks, long BotClicks, long Conversions, long Reversed, decimal Revenue,
    decimal? RoiPercent, IReadOnlyList<CurrencyFigures> OtherCurrencies);

/// <summary>Figures in one currency.</summary>
/// <param name="RoiPercent">Null where nothing was spent.</param>
public sealed record CurrencyFigures(Currency Currency, decimal Spend, long Conversions, long Reversed, decimal Revenue, decimal? RoiPercent)
{
    internal static CurrencyFigures Of(Result result) => new(result.Spend.Currency, result.Spend.Amount, result.Conversions, result.Reversed, result.Revenue.Amount, result.RoiPercent);
}

/// <summary>What campaigns spent and brought in a period.</summary>
/// <param name="Test">Part of it was spent or earned at the sandbox.</param>
/// <param name="Data">The campaigns of this page, the newest first; archived ones too.</param>
/// <param name="Clicks">Of all campaigns, not only this page's.</param>
/// <param name="Totals">Of all campaigns, one for each currency.</param>
/// <example>{"from": "2026-03-01", "to": "2026-03-31", "test": false, "clicks": 118, "totals": [{"currency": "USD", "spend": 40.00, "conversions": 3, "reversed": 1, "revenue": 60.50, "roi_percent": 51.25}],
///   "data": [{"id": "cmp_019a5b3c7d5e7f60a1b2c3d4e5f60718", "name": "Spring sale", "channel": "google_ads", "status": "active", "archived": false, "currency": "USD", "budget": 250.00, "spend": 40.00, "clicks": 118,
///   "bot_clicks": 7, "conversions": 3, "reversed": 1, "revenue": 60.50, "roi_percent": 51.25, "other_currencies": []}], "next_cursor": null}</example>
public sealed record CampaignReport(
    DateOnly? From, DateOnly? To, bool Test, long Clicks, IReadOnlyList<CurrencyFigures> Totals, IReadOnlyList<CampaignFigures> Data, string? NextCursor);
