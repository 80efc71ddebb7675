using System.ComponentModel.DataAnnotations;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Payments.Ledger;

/// <summary>What one unit of a currency was worth in another on a UTC day.</summary>
/// <param name="Rate">1 <paramref name="Base"/> = this many <paramref name="Quote"/>; up to 15 decimals.</param>
/// <param name="Source">Who says so: <c>ECB</c>.</param>
/// <example>{"base": "EUR", "quote": "USD", "rate": 1.0842, "date": "2026-03-02", "source": "ECB"}</example>
public sealed record FxRate(Currency Base, Currency Quote, decimal Rate, DateOnly Date, [Required, StringLength(100)] string Source);

/// <summary><c>PUT /api/v1/ledger/rates</c>: sets rates of days; a rate that stands is replaced.</summary>
public static class SetRates
{
    private const int Most = 1000;
    private const decimal Largest = 1_000_000_000_000m;

    /// <example>{"rates": [{"base": "EUR", "quote": "USD", "rate": 1.0842, "date": "2026-03-02", "source": "ECB"}]}</example>
    public sealed record Request([Required] IReadOnlyList<FxRate> Rates);

    public static async Task<NoContent> HandleAsync(Request request, Caller caller, Database db, CancellationToken ct)
    {
        Check(request.Rates);
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        await work.ExecuteAsync(
            """
            insert into fx_rates (tenant_id, base, quote, day, rate, source, set_at)
            select @Tenant, base, quote, day, rate, source, @Now from unnest(@bases, @quotes, @days, @rates, @sources) as r (base, quote, day, rate, source)
            order by base, quote, day
            on conflict (tenant_id, base, quote, day) do update set rate = excluded.rate, source = excluded.source, set_at = excluded.set_at
            """,
            new
            {
                caller.Tenant, work.Now, bases = request.Rates.Select(rate => rate.Base.Code).ToArray(), quotes = request.Rates.Select(rate => rate.Quote.Code).ToArray(),
                days = request.Rates.Select(rate => rate.Date).ToArray(), rates = request.Rates.Select(rate => rate.Rate).ToArray(), sources = request.Rates.Select(rate => rate.Source).ToArray(),
            }, ct);
        work.Audit("rates.set", "rate", null, new { request.Rates.Count });
        await work.CommitAsync(ct);
        return TypedResults.NoContent();
    }

    private static void Check(IReadOnlyList<FxRate> rates)
    {
        if (rates.Count is 0 or > Most) throw new InvalidFieldException("rates", $"wanted: 1 to {Most} rates.");
        for (var i = 0; i < rates.Count; i++)
        {
            var rate = rates[i];
            if (rate.Base == rate.Quote) throw new InvalidFieldException($"rates[{i}].quote", "wanted: another currency than 'base'.");
            if (rate.Rate <= 0 || rate.Rate > Largest || decimal.Round(rate.Rate, 15) != rate.Rate || decimal.Round(rate.Rate, 15) == 0)
                throw new InvalidFieldException($"rates[{i}].rate", $"wanted: more than 0, at most {Largest:0}, with up to 15 decimals.");
            if (rate.Source is not { Length: >= 1 and <= 100 }) throw new InvalidFieldException($"rates[{i}].source", "wanted: 1 to 100 characters.");
        }
        if (rates.DistinctBy(rate => (rate.Base, rate.Quote, rate.Date)).Count() != rates.Count) throw new InvalidFieldException("rates", "wanted: each pair and date once.");
    }
}

/// <summary><c>GET /api/v1/ledger/rates</c>: the stored rates, newest day first.</summary>
public static class ListRates
{
    public static async Task<Page<FxRate>> HandleAsync([AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        var after = page.After<(DateOnly Day, string Pair)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Row>(
            """
            select base, quote, rate, day::timestamp as day, source from fx_rates
            where tenant_id = @tenant and (@afterDay::date is null or (day, base || quote) < (@afterDay::date, @afterPair))
            order by day desc, base || quote desc limit @limit
            """, new { tenant = caller.Tenant, afterDay = after?.Day.ToString("O"), afterPair = after?.Pair, limit = page.Fetch }, ct);
        return page.ToPage(rows, row => (DateOnly.FromDateTime(row.Day), row.Base + row.Quote))
            .Select(row => new FxRate(Currency.Parse(row.Base), Currency.Parse(row.Quote), row.Rate / 1.000000000000000m, DateOnly.FromDateTime(row.Day), row.Source));
    }

    private sealed record Row
    {
        public string Base { get; init; } = "";
        public string Quote { get; init; } = "";
        public decimal Rate { get; init; }
        public DateTime Day { get; init; }
        public string Source { get; init; } = "";
    }
}
