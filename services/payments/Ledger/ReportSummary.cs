using Empire.Data;
using Empire.Http;

namespace Empire.Payments.Ledger;

/// <summary><c>GET /api/v1/ledger/summary</c>: what was earned in a period, whatever it was paid in, in one currency; and beside it what it was in each.</summary>
public static class ReportSummary
{
    /// <param name="Amount">In the currency's own units. Negative where more was given back than earned.</param>
    /// <param name="InBase">By the rate of each booking's day; null where one of the days has none.</param>
    public sealed record InCurrency(string Currency, decimal Amount, decimal? InBase);

    /// <param name="Source">sales, subscription, affiliate, ads, sponsored, lead, platform-fee; refunds, below zero.</param>
    /// <param name="InBase">Of the days that have a rate.</param>
    public sealed record Row(string Source, decimal InBase, IReadOnlyList<InCurrency> Currencies);

    /// <param name="Base">ISO 4217. Amounts in it are rounded once to what it has, half away from zero: whole yen, cents; the total is rounded from the exact sum, so that the rows may differ from it in the last digit.</param>
    /// <param name="Revenue">Before refunds.</param>
    /// <param name="Refunds">Given back to payers.</param>
    /// <param name="Net">Revenue − refunds.</param>
    /// <param name="Test">Part of it was made against the sandbox.</param>
    /// <param name="Currencies">Net, in each currency.</param>
    /// <param name="WithoutRate">What is in no sum, because nobody stored its rate of the day.</param>
    /// <example>{"from": "2026-03-01", "to": "2026-03-31", "base": "USD", "revenue": 159.5, "refunds": 12.5, "net": 147, "test": false, "currencies": [{"currency": "USD", "amount": 147,
    /// "in_base": 147}], "sources": [{"source": "affiliate", "in_base": 120.5, "currencies": [{"currency": "USD", "amount": 120.5, "in_base": 120.5}]}, {"source": "refunds",
    /// "in_base": -12.5, "currencies": [{"currency": "USD", "amount": -12.5, "in_base": -12.5}]}, {"source": "sales", "in_base": 39, "currencies": [{"currency": "USD", "amount": 39,
    /// "in_base": 39}]}], "without_rate": []}</example>
    public sealed record Response(
        DateOnly? From, DateOnly? To, string Base, decimal Revenue, decimal Refunds, decimal Net, bool Test, IReadOnlyList<InCurrency> Currencies, IReadOnlyList<Row> Sources, IReadOnlyList<MissingRate> WithoutRate);

    /// <param name="from">First UTC day.</param>
    /// <param name="to">Last UTC day, included.</param>
    /// <param name="base">The currency to sum in; without it USD.</param>
    /// <param name="test">True: only what was made against the sandbox. False: only the rest. Without it both.</param>
    public static async Task<Response> HandleAsync(DateOnly? from, DateOnly? to, string? @base, bool? test, Caller caller, Database db, CancellationToken ct)
    {
        var (period, wanted) = (Period.Of(from, to), Currency.Parse(BaseCurrency.Of(@base) ?? "USD"));
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Earned>(
            """
            with moved as (
              select substr(account, 9) as source, currency, (occurred_at at time zone 'utc')::date as day, -sum(micros) as micros, bool_or(test) as test
              from ledger_lines
              where tenant_id = current_tenant() and account like 'revenue:%' and (@start::timestamptz is null or occurred_at >= @start) and (@end::timestamptz is null or occurred_at < @end)
                and (@test::boolean is null or test = @test)
              group by 1, 2, 3
            ), rates as (select currency, day, fx_factor(currency, @wanted, day) as factor from (select distinct currency, day from moved) as needed)
            select source, currency, sum(micros) as micros, round(coalesce(sum(micros * factor), 0)) as base_micros, bool_or(test) as test, array_agg(distinct day::timestamp) filter (where factor is null) as unrated
            from moved join rates using (currency, day) group by 1, 2 order by 1, 2
            """, new { start = period.Start, end = period.End, test, wanted = wanted.Code }, ct);
        decimal InBase(IEnumerable<Earned> some) => decimal.Round(some.Sum(row => row.BaseMicros) / Money.MicrosPerUnit, wanted.Exponent, MidpointRounding.AwayFromZero);
        IReadOnlyList<InCurrency> Each(IEnumerable<Earned> some) => [.. some.GroupBy(row => row.Currency, StringComparer.Ordinal).OrderBy(own => own.Key, StringComparer.Ordinal)
            .Select(own => new InCurrency(own.Key, own.Sum(row => row.Micros) / Money.MicrosPerUnit, own.Any(row => row.Unrated is not null) ? null : InBase(own)))];
        var (back, earned) = (rows.Where(row => row.Source == "refunds").ToList(), rows.Where(row => row.Source != "refunds").ToList());
        return new(from, to, wanted.Code, InBase(earned), -InBase(back), InBase(rows), rows.Any(row => row.Test), Each(rows),
            [.. rows.GroupBy(row => row.Source, StringComparer.Ordinal).Select(own => new Row(own.Key, InBase(own), Each(own)))],
            MissingRate.Of(rows.SelectMany(row => (row.Unrated ?? []).Select(day => new MissingRate.Row { Currency = row.Currency, Day = day }))));
    }

    private sealed record Earned
    {
        public string Source { get; init; } = "";
        public string Currency { get; init; } = "";
        public decimal Micros { get; init; }
        public decimal BaseMicros { get; init; }
        public bool Test { get; init; }
        public DateTime[]? Unrated { get; init; }
    }
}
