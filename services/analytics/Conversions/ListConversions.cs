using Empire.Analytics.Returns;
using Empire.Data;
using Empire.Http;

namespace Empire.Analytics.Conversions;

/// <summary><c>GET /api/v1/analytics/conversions</c>: the rows behind a report's revenue, newest first.</summary>
public static class ListConversions
{
    /// <param name="Commission">What we earn; it counts as long as <paramref name="ReversedAt"/> is null.</param>
    /// <param name="ReversedAt">When we learned that the network took it back.</param>
    /// <param name="Test">Told by the sandbox.</param>
    /// <example>{"id": "cnv_0199f3a17c5b7d3e8a4b5c6d7e8f9052", "network": "meadow", "network_conversion_id": "m-20260302-17", "click_id": "clk_0199f3a17c5b7d3e8a4b5c6d7e8f9051",
    /// "link_code": "a1B2c3D4", "publication_id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f9018", "piece_id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f9017", "product_id": null, "niche": "kitchen",
    /// "platform": "blog", "prompt_version": "blog_post@1", "sale_amount": 42, "commission": 4.2, "currency": "USD", "status": "approved", "test": false,
    /// "occurred_at": "2026-03-02T09:40:00+00:00", "reversed_at": null, "campaign_id": null}</example>
    public sealed record ConversionRow(
        string Id, string Network, string NetworkConversionId, string ClickId, string LinkCode, Guid? PublicationId, Guid? PieceId, Guid? ProductId, string? Niche, string? Platform,
        string? PromptVersion, decimal? SaleAmount, decimal Commission, string Currency, string Status, bool Test, DateTimeOffset OccurredAt, DateTimeOffset? ReversedAt, string? CampaignId = null);

    public static async Task<Page<ConversionRow>> HandleAsync(
        [AsParameters] LineageFilter filter, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        var period = filter.Period;
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Row>(
            """
            select id, network, network_conversion_id, click_id, link_code, publication_id, piece_id, product_id, niche, platform, prompt_version, sale_micros, commission_micros, currency,
              test, occurred_at, reversed_at, campaign_id
            from conversion_lineage
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
        return new([.. shown.Data.Select(row => row.ToConversion())], shown.NextCursor);
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public string Network { get; init; } = "";
        public string NetworkConversionId { get; init; } = "";
        public Guid ClickId { get; init; }
        public string LinkCode { get; init; } = "";
        public Guid? PublicationId { get; init; }
        public Guid? PieceId { get; init; }
        public Guid? ProductId { get; init; }
        public string? Niche { get; init; }
        public string? Platform { get; init; }
        public string? PromptVersion { get; init; }
        public Guid? CampaignId { get; init; }
        public long? SaleMicros { get; init; }
        public long CommissionMicros { get; init; }
        public string Currency { get; init; } = "";
        public bool Test { get; init; }
        public DateTimeOffset OccurredAt { get; init; }
        public DateTimeOffset? ReversedAt { get; init; }

        public ConversionRow ToConversion() => new(PublicId.Format("cnv", Id), Network, NetworkConversionId, PublicId.Format("clk", ClickId), LinkCode, PublicationId, PieceId, ProductId, Niche,
            Platform, PromptVersion, (decimal?)SaleMicros / Money.MicrosPerUnit, (decimal)CommissionMicros / Money.MicrosPerUnit, Currency, ReversedAt is null ? "approved" : "reversed", Test,
            OccurredAt, ReversedAt, LineageFilter.ShownCampaign(CampaignId));
    }
}
