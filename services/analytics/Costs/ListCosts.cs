using Empire.Analytics.Returns;
using Empire.Data;
using Empire.Http;

namespace Empire.Analytics.Costs;

/// <summary><c>GET /api/v1/analytics/costs</c>: the rows behind a report's cost, newest first.</summary>
public static class ListCosts
{
    /// <param name="Amount">Of <paramref name="Currency"/>, up to six decimals.</param>
    /// <param name="Test">Spent at the sandbox.</param>
    /// <param name="EnergyJoules">Electricity that went into it; null where nobody measured.</param>
    /// <example>{"id": "cst_0199f3a17c5b7d3e8a4b5c6d7e8f9050", "category": "llm", "amount": 0.00231, "currency": "USD", "description": "OpenAI gpt-4o-mini 1400+3500 tokens",
    /// "piece_id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f9017", "publication_id": null, "product_id": null, "niche": "kitchen", "platform": "blog", "prompt_version": "blog_post@1",
    /// "test": false, "occurred_at": "2026-03-02T08:00:04+00:00", "energy_joules": null, "campaign_id": null}</example>
    public sealed record Cost(
        string Id, string Category, decimal Amount, string Currency, string Description, Guid? PieceId, Guid? PublicationId, Guid? ProductId, string? Niche, string? Platform,
        string? PromptVersion, bool Test, DateTimeOffset OccurredAt, long? EnergyJoules = null, string? CampaignId = null);

    public static async Task<Page<Cost>> HandleAsync(
        [AsParameters] LineageFilter filter, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        var period = filter.Period;
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Row>(
            """
            select id, category, micros, currency, description, piece_id, publication_id, product_id, niche, platform, prompt_version, test, occurred_at, energy_joules, campaign_id
            from cost_lineage
            where tenant_id = @tenant
              and (@start::timestamptz is null or occurred_at >= @start) and (@end::timestamptz is null or occurred_at < @end)
              and (@Product::text is null or coalesce(product_id::text, 'unattributed') = @Product)
              and (@Niche::text is null or coalesce(niche, 'unattributed') = @Niche)
              and (@Platform::text is null or coalesce(platform, 'unattributed') = @Platform)
              and (@PromptVersion::text is null or coalesce(prompt_version, 'unattributed') = @PromptVersion)
              and (@campaign::text is null or coalesce(campaign_id::text, 'unattributed') = @campaign)
              and (@afterAt::timestamptz is null or (occurred_at, id) < (@afterAt, @afterId::uuid))
            order by occurred_at desc, id desc limit @limit
            """,
            new
            {
                tenant = caller.Tenant, start = period.Start, end = period.End, filter.Product, filter.Niche, filter.Platform, filter.PromptVersion, campaign = filter.CampaignText,
                afterAt = after?.At, afterId = after?.Id, limit = page.Fetch,
            }, ct);
        var shown = page.ToPage(rows, row => (row.OccurredAt, row.Id));
        return new([.. shown.Data.Select(row => row.ToCost())], shown.NextCursor);
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public string Category { get; init; } = "";
        public long Micros { get; init; }
        public string Currency { get; init; } = "";
        public string Description { get; init; } = "";
        public Guid? PieceId { get; init; }
        public Guid? PublicationId { get; init; }
        public Guid? ProductId { get; init; }
        public string? Niche { get; init; }
        public string? Platform { get; init; }
        public string? PromptVersion { get; init; }
        public Guid? CampaignId { get; init; }
        public bool Test { get; init; }
        public DateTimeOffset OccurredAt { get; init; }
        public long? EnergyJoules { get; init; }

        public Cost ToCost() => new(PublicId.Format("cst", Id), Category, (decimal)Micros / Money.MicrosPerUnit, Currency, Description, PieceId, PublicationId, ProductId, Niche, Platform,
            PromptVersion, Test, OccurredAt, EnergyJoules, LineageFilter.ShownCampaign(CampaignId));
    }
}
