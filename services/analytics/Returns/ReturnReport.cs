namespace Empire.Analytics.Returns;

/// <summary>One value's figures. <see cref="Clicks"/> and <see cref="Pieces"/> have no currency and are shown once, beside the report's own.</summary>
public sealed record ReturnRow(
    string Value, decimal Cost, decimal Revenue, decimal? RoiPercent, long Conversions, long Reversed, long? Clicks, long? BotClicks, long? Pieces);

/// <summary>The figures in one currency; the rows sum to the totals exactly.</summary>
public sealed record CurrencyReturns(Currency Currency, IReadOnlyList<ReturnRow> Rows, ReturnRow Totals);

/// <summary>Cost and revenue divided by one dimension. Amounts of different currencies are never added: those outside <see cref="Currency"/> stand by themselves.</summary>
/// <param name="Test">Part of it was spent or earned at the sandbox.</param>
/// <example>{"by": "platform", "from": "2026-03-01", "to": "2026-03-31", "test": false, "currency": "USD", "rows": [{"value": "blog", "cost": 8.31, "revenue": 120.5, "roi_percent": 1350.06,
/// "conversions": 9, "reversed": 1, "clicks": 118, "bot_clicks": 7, "pieces": 4}], "totals": {"value": "total", "cost": 8.31, "revenue": 120.5, "roi_percent": 1350.06, "conversions": 9,
/// "reversed": 1, "clicks": 118, "bot_clicks": 7, "pieces": 4}, "other_currencies": []}</example>
public sealed record ReturnReport(
    string By, DateOnly? From, DateOnly? To, bool Test, Currency Currency, IReadOnlyList<ReturnRow> Rows, ReturnRow Totals, IReadOnlyList<CurrencyReturns> OtherCurrencies)
{
    private const string Total = "total";

    public static ReturnReport Of(string by, Period period, Currency currency, IReadOnlyList<MoneyRow> money, IReadOnlyList<CountRow> counts)
    {
        var own = Divide(currency, [.. money.Where(row => row.Currency == currency.Code)], counts);
        var others = money.Where(row => row.Currency != currency.Code).GroupBy(row => row.Currency, StringComparer.Ordinal).OrderBy(group => group.Key, StringComparer.Ordinal)
            .Select(group => Divide(Currency.Parse(group.Key), [.. group], counts: null));
        return new(by, period.From, period.To, money.Any(row => row.Test), currency, own.Rows, own.Totals, [.. others]);
    }

    private static CurrencyReturns Divide(Currency currency, IReadOnlyList<MoneyRow> money, IReadOnlyList<CountRow>? counts)
    {
        var moneyOf = money.ToDictionary(row => row.Value, StringComparer.Ordinal);
        var countsOf = counts?.ToDictionary(row => row.Value, StringComparer.Ordinal);
        var figures = moneyOf.Keys.Union((counts ?? []).Select(row => row.Value), StringComparer.Ordinal)
            .Select(value => Figures.Of(value, currency, moneyOf.GetValueOrDefault(value), counts is null ? null : countsOf!.GetValueOrDefault(value) ?? new CountRow()))
            .OrderByDescending(f => f.Return.Revenue.Micros).ThenByDescending(f => f.Return.Cost.Micros).ThenBy(f => f.Value, StringComparer.Ordinal)
            .ToList();
        var none = Figures.Of(Total, currency, null, counts is null ? null : new CountRow());
        return new(currency, [.. figures.Select(f => f.ToRow())], figures.Aggregate(none, (sum, f) => sum + f).ToRow());
    }

    private sealed record Figures(string Value, Return Return, long Conversions, long Reversed, CountRow? Counts)
    {
        public static Figures Of(string value, Currency currency, MoneyRow? money, CountRow? counts) => money is null
            ? new(value, Return.None(currency), 0, 0, counts)
            : new(value, new(new(money.CostMicros, currency), new(money.RevenueMicros, currency)), money.Conversions, money.Reversed, counts);

        public static Figures operator +(Figures sum, Figures next) => sum with
        {
            Return = sum.Return + next.Return,
            Conversions = sum.Conversions + next.Conversions,
            Reversed = sum.Reversed + next.Reversed,
            Counts = sum.Counts is { } a && next.Counts is { } b ? a with { Clicks = a.Clicks + b.Clicks, Bots = a.Bots + b.Bots, Pieces = a.Pieces + b.Pieces } : null,
        };

        public ReturnRow ToRow() => new(Value, Return.Cost.Amount, Return.Revenue.Amount, Return.RoiPercent, Conversions, Reversed, Counts?.Clicks, Counts?.Bots, Counts?.Pieces);
    }
}
