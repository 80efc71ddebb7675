using Empire.Data;

namespace Empire.Analytics.Returns;

/// <summary>Money of one value of a dimension in one currency.</summary>
public sealed record MoneyRow
{
    public string Value { get; init; } = "";
    public string Currency { get; init; } = "";
    public long CostMicros { get; init; }
    public long RevenueMicros { get; init; }

    /// <summary>Conversions that came in, whether or not they were taken back later.</summary>
    public long Conversions { get; init; }

    public long Reversed { get; init; }

    /// <summary>Part of it was spent or earned at the sandbox.</summary>
    public bool Test { get; init; }
}

/// <summary>What has no currency, of one value of a dimension.</summary>
public sealed record CountRow
{
    public string Value { get; init; } = "";
    public long Clicks { get; init; }

    /// <summary>Clicks by programs; they are in no other figure.</summary>
    public long Bots { get; init; }

    public long Pieces { get; init; }
}

internal static class ReturnTable
{
    public static Task<IReadOnlyList<MoneyRow>> MoneyAsync(Work work, string dimension, Period period, CancellationToken ct) => work.QueryAsync<MoneyRow>(
        """
        with entries as (
          select product_id, niche, platform, prompt_version, campaign_id, currency, micros as cost, 0::bigint as revenue, 0 as conversions, 0 as reversed, test
          from cost_lineage
          where tenant_id = @tenant and (@start::timestamptz is null or occurred_at >= @start) and (@end::timestamptz is null or occurred_at < @end)
          union all
          select product_id, niche, platform, prompt_version, campaign_id, currency, 0, commission_micros, 1, 0, test
          from conversion_lineage
          where tenant_id = @tenant and (@start::timestamptz is null or occurred_at >= @start) and (@end::timestamptz is null or occurred_at < @end)
          union all
          select product_id, niche, platform, prompt_version, campaign_id, currency, 0, -commission_micros, 0, 1, test
          from conversion_lineage
          where tenant_id = @tenant and reversed_at is not null
            and (@start::timestamptz is null or reversed_at >= @start) and (@end::timestamptz is null or reversed_at < @end)
        )
        select coalesce(case @dimension when 'product' then product_id::text when 'niche' then niche when 'platform' then platform when 'prompt_version' then prompt_version
            when 'campaign' then 'cmp_' || replace(campaign_id::text, '-', '') end, 'unattributed') as value,
          currency, sum(cost)::bigint as cost_micros, sum(revenue)::bigint as revenue_micros, sum(conversions) as conversions, sum(reversed) as reversed, bool_or(test) as test
        from entries
        group by 1, 2
        """, new { tenant = work.Tenant, dimension, start = period.Start, end = period.End }, ct);

    public static Task<IReadOnlyList<CountRow>> CountsAsync(Work work, string dimension, Period period, CancellationToken ct) => work.QueryAsync<CountRow>(
        """
        with entries as (
          select l.product_id, l.niche, l.platform, l.prompt_version, l.campaign_id, c.clicks, c.bots, 0 as pieces
          from click_counts c join link_lineage l on l.code = c.link_code
          where c.tenant_id = @tenant and (@from::date is null or c.day >= @from::date) and (@to::date is null or c.day <= @to::date)
          union all
          select product_id, niche, platform, prompt_version, null, 0, 0, 1
          from pieces
          where tenant_id = @tenant and (@start::timestamptz is null or generated_at >= @start) and (@end::timestamptz is null or generated_at < @end)
        )
        select coalesce(case @dimension when 'product' then product_id::text when 'niche' then niche when 'platform' then platform when 'prompt_version' then prompt_version
            when 'campaign' then 'cmp_' || replace(campaign_id::text, '-', '') end, 'unattributed') as value,
          sum(clicks)::bigint as clicks, sum(bots)::bigint as bots, sum(pieces) as pieces
        from entries
        group by 1
        """,
        new { tenant = work.Tenant, dimension, start = period.Start, end = period.End, from = period.From?.ToString("O"), to = period.To?.ToString("O") }, ct);
}
