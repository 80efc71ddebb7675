using Empire.Configuration;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Analytics.Platform;

/// <summary>The figures of the whole installation: <c>GET /api/stats</c> for everyone with a key, <c>/admin/stats</c> and <c>/admin/analytics</c> for who runs it.</summary>
public static class PlatformEndpoints
{
    private const int Days = 30;
    private static readonly Refusal OperatorNeeded = new("forbidden", "Only the operator of this installation sees its figures.");

    /// <example>{"status": "success", "customers": 51, "customers_by_tier": {"free": 42, "professional": 7, "enterprise": 2}, "monthly_recurring_revenue": 741, "currency": "USD",
    /// "total_customer_savings": 555.52, "potential_customer_savings": 1562.4, "conversion_rate": 17.6}</example>
    public sealed record StatsResponse(
        string Status, int Customers, IReadOnlyDictionary<string, int> CustomersByTier, decimal MonthlyRecurringRevenue, string Currency, decimal TotalCustomerSavings, decimal PotentialCustomerSavings,
        decimal? ConversionRate);

    /// <param name="New">Accounts opened.</param>
    /// <param name="NewPaying">Accounts that paid for the first time.</param>
    /// <param name="LeftPaying">Accounts that paid, and are free again.</param>
    public sealed record Day(DateOnly Date, int New, int NewPaying, int LeftPaying);

    /// <param name="Days">Looked back upon, today included.</param>
    public sealed record Acquisition(int Days, int NewCustomers, int NewPayingCustomers, int LeftPayingCustomers, IReadOnlyList<Day> ByDay);

    /// <example>{"status": "success", "stats": {"customers": 51, "customers_by_tier": {"free": 42, "professional": 7, "enterprise": 2}, "monthly_recurring_revenue": 741, "currency": "USD",
    /// "total_customer_savings": 555.52, "potential_customer_savings": 1562.4, "conversion_rate": 17.6}, "acquisition": {"days": 30, "new_customers": 3, "new_paying_customers": 1,
    /// "left_paying_customers": 0, "by_day": [{"date": "2026-03-01", "new": 2, "new_paying": 0, "left_paying": 0}, {"date": "2026-03-02", "new": 1, "new_paying": 1, "left_paying": 0}]}}</example>
    public sealed record AdminStatsResponse(string Status, PlatformStats Stats, Acquisition Acquisition);

    /// <param name="Test">Made against the sandbox.</param>
    /// <param name="Profit">Commission less cost.</param>
    public sealed record MoneyOf(string Currency, bool Test, decimal Sales, decimal Commission, decimal Cost, decimal Profit);

    public sealed record CostOf(string Category, string Currency, bool Test, decimal Amount);

    /// <param name="ActiveAccounts">Accounts with a piece, a publication or a click in the period.</param>
    /// <example>{"status": "success", "days": 30, "active_accounts": 12, "pieces": 310, "publications": 288, "clicks": 1180, "bot_clicks": 72, "conversions": 9,
    /// "money": [{"currency": "USD", "test": false, "sales": 1205, "commission": 120.5, "cost": 8.31, "profit": 112.19}], "costs": [{"category": "llm", "currency": "USD", "test": false,
    /// "amount": 6.06}, {"category": "ads", "currency": "USD", "test": false, "amount": 2.25}]}</example>
    public sealed record AnalyticsResponse(
        string Status, int Days, int ActiveAccounts, long Pieces, long Publications, long Clicks, long BotClicks, long Conversions, IReadOnlyList<MoneyOf> Money, IReadOnlyList<CostOf> Costs);

    public static void AddPlatform(this WebApplicationBuilder builder) => builder.AddSettings<TierPrices>("Prices");

    public static void MapPlatform(this WebApplication app)
    {
        app.MapGet("/api/stats", StatsAsync).WithName("GetStats").WithTags("Platform");
        app.MapGet("/admin/stats", AdminStatsAsync).WithName("GetAdminStats").WithTags("Platform");
        app.MapGet("/admin/analytics", AnalyticsAsync).WithName("GetPlatformAnalytics").WithTags("Platform");
    }

    internal static async Task<StatsResponse> StatsAsync(Database db, IOptions<TierPrices> prices, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        var stats = await PlatformStats.ReadAsync(work, prices.Value, ct);
        return new("success", stats.Customers, stats.CustomersByTier, stats.MonthlyRecurringRevenue, stats.Currency, stats.TotalCustomerSavings, stats.PotentialCustomerSavings, stats.ConversionRate);
    }

    internal static async Task<Results<Ok<AdminStatsResponse>, ProblemHttpResult>> AdminStatsAsync(Caller caller, Database db, IOptions<TierPrices> prices, CancellationToken ct)
    {
        if (!caller.Operator) return OperatorNeeded.ToProblem(StatusCodes.Status403Forbidden);
        await using var work = await db.BeginSystemAsync(ct);
        var stats = await PlatformStats.ReadAsync(work, prices.Value, ct);
        var today = DateOnly.FromDateTime(work.Now.UtcDateTime);
        var days = (await work.QueryAsync<DayRow>(
            """
            select d.day::date as date, count(*) filter (where (c.created_at at time zone 'utc')::date = d.day)::int as new, count(*) filter (where (c.first_paid_at at time zone 'utc')::date = d.day)::int as new_paying,
              count(*) filter (where (c.left_paid_at at time zone 'utc')::date = d.day)::int as left_paying
            from generate_series(@first::date, @today::date, interval '1 day') d (day) left join customers c on not c.is_operator
            group by 1 order by 1
            """, new { first = today.AddDays(1 - Days), today }, ct)).Select(row => new Day(row.Date, row.New, row.NewPaying, row.LeftPaying)).ToArray();
        return TypedResults.Ok(new AdminStatsResponse("success", stats, new(Days, days.Sum(day => day.New), days.Sum(day => day.NewPaying), days.Sum(day => day.LeftPaying), days)));
    }

    internal static async Task<Results<Ok<AnalyticsResponse>, ProblemHttpResult>> AnalyticsAsync(Caller caller, Database db, CancellationToken ct)
    {
        if (!caller.Operator) return OperatorNeeded.ToProblem(StatusCodes.Status403Forbidden);
        await using var work = await db.BeginSystemAsync(ct);
        var parameters = new { since = work.Now.UtcDateTime.Date.AddDays(1 - Days), first = DateOnly.FromDateTime(work.Now.UtcDateTime).AddDays(1 - Days) };
        var counts = await work.QuerySingleAsync<Counts>(
            """
            select (select count(*) from pieces where generated_at >= @since) as pieces, (select count(*) from publications where published_at >= @since) as publications,
              (select coalesce(sum(clicks), 0)::bigint from click_counts where day >= @first) as clicks, (select coalesce(sum(bots), 0)::bigint from click_counts where day >= @first) as bots,
              (select count(*) from conversions where occurred_at >= @since and reversed_at is null) as conversions,
              (select count(*)::int from (select tenant_id from pieces where generated_at >= @since union select tenant_id from publications where published_at >= @since
                union select tenant_id from click_counts where day >= @first) active) as active
            """, parameters, ct);
        var money = await work.QueryAsync<MoneyRow>(
            """
            select currency, test, sum(sales)::bigint as sales, sum(commission)::bigint as commission, sum(cost)::bigint as cost from (
              select currency, test, coalesce(sale_micros, 0) as sales, commission_micros as commission, 0 as cost from conversions where occurred_at >= @since and reversed_at is null
              union all select currency, test, 0, 0, micros from costs where occurred_at >= @since
            ) m group by 1, 2 order by 2, 1
            """, parameters, ct);
        var costs = await work.QueryAsync<CostRow>(
            "select category, currency, test, sum(micros)::bigint as micros from costs where occurred_at >= @since group by 1, 2, 3 order by 4 desc, 1", parameters, ct);
        return TypedResults.Ok(new AnalyticsResponse(
            "success", Days, counts.Active, counts.Pieces, counts.Publications, counts.Clicks, counts.Bots, counts.Conversions,
            [.. money.Select(row => new MoneyOf(row.Currency, row.Test, Units(row.Sales), Units(row.Commission), Units(row.Cost), Units(row.Commission - row.Cost)))],
            [.. costs.Select(row => new CostOf(row.Category, row.Currency, row.Test, Units(row.Micros)))]));
    }

    private static decimal Units(long micros) => (decimal)micros / Money.MicrosPerUnit;

    private sealed record DayRow
    {
        public DateOnly Date { get; init; }
        public int New { get; init; }
        public int NewPaying { get; init; }
        public int LeftPaying { get; init; }
    }

    private sealed record Counts
    {
        public int Active { get; init; }
        public long Pieces { get; init; }
        public long Publications { get; init; }
        public long Clicks { get; init; }
        public long Bots { get; init; }
        public long Conversions { get; init; }
    }

    private sealed record MoneyRow
    {
        public string Currency { get; init; } = "";
        public bool Test { get; init; }
        public long Sales { get; init; }
        public long Commission { get; init; }
        public long Cost { get; init; }
    }

    private sealed record CostRow
    {
        public string Category { get; init; } = "";
        public string Currency { get; init; } = "";
        public bool Test { get; init; }
        public long Micros { get; init; }
    }
}
