using System.Globalization;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.WebUtilities;

namespace Empire.Payments.Ledger;

/// <summary><c>GET /api/v1/ledger/profit</c>: what each piece, product, niche, platform or prompt version earned and cost.</summary>
/// <remarks>An entry that names only its piece or its publication belongs where these belong (0163).</remarks>
public static class ReportProfit
{
    /// <summary>The key of what lacks the lineage.</summary>
    internal const string Unattributed = "unattributed";

    private static readonly string[] Dimensions = ["piece", "product", "niche", "platform", "prompt_version"];

    /// <param name="Key"><c>unattributed</c> for what lacks the lineage.</param>
    /// <param name="Revenue">Less what networks took back.</param>
    /// <param name="Refunds">Given back to payers.</param>
    /// <param name="Cost">With providers' fees.</param>
    /// <param name="Profit">Revenue − refunds − cost.</param>
    /// <param name="Entries">Where its entries are listed: their lines of revenue, cost and fees add up to these figures.</param>
    public sealed record Row(string Key, decimal Revenue, decimal Refunds, decimal Cost, decimal Profit, string Entries);

    /// <summary>The rows sum to the total exactly.</summary>
    public sealed record InCurrency(string Currency, IReadOnlyList<Row> Rows, Row Total);

    /// <summary>All currencies in one, each line by the rate of its day; each figure of a row is rounded once, half away from zero, and the rows sum to the total exactly.</summary>
    /// <param name="WithoutRate">What is not in the sums, because nobody stored its rate of the day.</param>
    public sealed record InBase(string Currency, IReadOnlyList<Row> Rows, Row Total, IReadOnlyList<MissingRate> WithoutRate);

    /// <param name="Test">Part of it was made against the sandbox.</param>
    /// <example>{"by": "niche", "from": "2026-03-01", "to": "2026-03-31", "test": false, "currencies": [{"currency": "USD", "rows": [{"key": "kitchen", "revenue": 120.5, "refunds": 0,
    /// "cost": 8.31, "profit": 112.19, "entries": "/api/v1/ledger/entries?niche=kitchen&amp;from=2026-03-01&amp;to=2026-03-31&amp;currency=USD"}, {"key": "unattributed", "revenue": 39, "refunds": 12.5,
    /// "cost": 1.43, "profit": 25.07, "entries": "/api/v1/ledger/entries?niche=unattributed&amp;from=2026-03-01&amp;to=2026-03-31&amp;currency=USD"}], "total": {"key": "total", "revenue": 159.5,
    /// "refunds": 12.5, "cost": 9.74, "profit": 137.26, "entries": "/api/v1/ledger/entries?from=2026-03-01&amp;to=2026-03-31&amp;currency=USD"}}], "base": null}</example>
    public sealed record Response(string By, DateOnly? From, DateOnly? To, bool Test, IReadOnlyList<InCurrency> Currencies, InBase? Base);

    /// <param name="by">piece, product, niche, platform or prompt_version.</param>
    /// <param name="from">First UTC day.</param>
    /// <param name="to">Last UTC day, included.</param>
    /// <param name="test">True: only what was made against the sandbox. False: only the rest. Without it both.</param>
    /// <param name="base">A currency to sum all others in.</param>
    public static async Task<Response> HandleAsync(string? by, DateOnly? from, DateOnly? to, bool? test, string? @base, Caller caller, Database db, CancellationToken ct)
    {
        if (by is null || !Dimensions.Contains(by)) throw new InvalidFieldException("by", "wanted: piece, product, niche, platform or prompt_version.");
        var (period, wanted) = (Period.Of(from, to), BaseCurrency.Of(@base));
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<MoneyRow>(
            $"""
            with moved as (
              select coalesce(case @by when 'piece' then ({CompletedLineage.Piece})::text when 'product' then ({CompletedLineage.Product})::text when 'niche' then {CompletedLineage.Niche}
                  when 'platform' then {CompletedLineage.Platform} else {CompletedLineage.PromptVersion} end,
                  @none) as key, l.currency, (l.occurred_at at time zone 'utc')::date as day, bool_or(l.test) as test,
                coalesce(-sum(l.micros) filter (where l.account like 'revenue:%' and l.account <> 'revenue:refunds'), 0) as revenue,
                coalesce(sum(l.micros) filter (where l.account = 'revenue:refunds'), 0) as refunds,
                coalesce(sum(l.micros) filter (where l.account like 'cost:%' or l.account like 'fee:%'), 0) as cost
              from ledger_lines l join ledger_entries e on e.id = l.entry_id {CompletedLineage.Joins}
              where l.tenant_id = @tenant and (l.account like 'revenue:%' or l.account like 'cost:%' or l.account like 'fee:%')
                and (@start::timestamptz is null or l.occurred_at >= @start) and (@end::timestamptz is null or l.occurred_at < @end) and (@test::boolean is null or l.test = @test)
              group by 1, 2, 3
            ), rates as (
              select currency, day, fx_factor(currency, @wanted, day) as factor from (select distinct currency, day from moved where @wanted::text is not null) as needed
            )
            select key, currency, bool_or(test) as test, sum(revenue) as revenue, sum(refunds) as refunds, sum(cost) as cost, round(sum(revenue * factor)) as base_revenue,
              round(sum(refunds * factor)) as base_refunds, round(sum(cost * factor)) as base_cost, array_agg(distinct day::timestamp) filter (where factor is null) as unrated
            from moved left join rates using (currency, day)
            group by key, currency
            """, new { by, none = Unattributed, tenant = caller.Tenant, start = period.Start, end = period.End, test, wanted }, ct);
        var currencies = rows.GroupBy(row => row.Currency, StringComparer.Ordinal).OrderBy(own => own.Key, StringComparer.Ordinal).Select(own =>
        {
            var shown = Sorted(own.Select(row => ToRow(row.Key, row.Revenue, row.Refunds, row.Cost, EntriesOf(row.Key, own.Key))));
            return new InCurrency(own.Key, shown, Total(shown, EntriesOf(null, own.Key)));
        });
        return new(by, from, to, rows.Any(row => row.Test), [.. currencies], wanted is null ? null : ToBase(wanted, rows, key => EntriesOf(key, null)));

        string EntriesOf(string? key, string? currency) => QueryHelpers.AddQueryString("/api/v1/ledger/entries", new Dictionary<string, string?>
        {
            [by is "piece" or "product" ? by + "_id" : by] = key, ["from"] = from?.ToString("O", CultureInfo.InvariantCulture), ["to"] = to?.ToString("O", CultureInfo.InvariantCulture), ["currency"] = currency,
            ["test"] = test switch { true => "true", false => "false", null => null },
        });
    }

    private static InBase ToBase(string currency, IReadOnlyList<MoneyRow> rows, Func<string?, string> entriesOf)
    {
        var shown = Sorted(rows.Where(row => row.BaseRevenue is not null).GroupBy(row => row.Key, StringComparer.Ordinal)
            .Select(own => ToRow(own.Key, own.Sum(row => row.BaseRevenue!.Value), own.Sum(row => row.BaseRefunds!.Value), own.Sum(row => row.BaseCost!.Value), entriesOf(own.Key))));
        return new(currency, shown, Total(shown, entriesOf(null)), MissingRate.Of(rows.SelectMany(row => (row.Unrated ?? []).Select(day => new MissingRate.Row { Currency = row.Currency, Day = day }))));
    }

    private static List<Row> Sorted(IEnumerable<Row> rows) => [.. rows.OrderByDescending(row => row.Profit).ThenBy(row => row.Key, StringComparer.Ordinal)];

    private static Row Total(List<Row> rows, string entries) =>
        new("total", rows.Sum(row => row.Revenue), rows.Sum(row => row.Refunds), rows.Sum(row => row.Cost), rows.Sum(row => row.Profit), entries);

    private static Row ToRow(string key, decimal revenue, decimal refunds, decimal cost, string entries) =>
        new(key, revenue / Money.MicrosPerUnit, refunds / Money.MicrosPerUnit, cost / Money.MicrosPerUnit, (revenue - refunds - cost) / Money.MicrosPerUnit, entries);

    private sealed record MoneyRow
    {
        public string Key { get; init; } = "";
        public string Currency { get; init; } = "";
        public bool Test { get; init; }
        public decimal Revenue { get; init; }
        public decimal Refunds { get; init; }
        public decimal Cost { get; init; }
        public decimal? BaseRevenue { get; init; }
        public decimal? BaseRefunds { get; init; }
        public decimal? BaseCost { get; init; }
        public DateTime[]? Unrated { get; init; }
    }
}
