using Empire.Analytics.Returns;
using Empire.Data;
using Empire.Http;

namespace Empire.Analytics.Clicks;

/// <summary><c>GET /api/v1/analytics/clicks</c>: the rows behind a report's clicks, newest first. Bots are listed and marked; reports do not count them.</summary>
public static class ListClicks
{
    /// <param name="Agent">desktop, mobile, tablet, bot or unknown.</param>
    /// <param name="Referrer">The host of the page that held the link; null when the browser kept it to itself.</param>
    /// <example>{"id": "clk_0199f3a17c5b7d3e8a4b5c6d7e8f9051", "link_code": "a1B2c3D4", "publication_id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f9018",
    /// "piece_id": "0199f3a1-7c5b-7d3e-8a4b-5c6d7e8f9017", "product_id": null, "niche": "kitchen", "platform": "blog", "prompt_version": "blog_post@1", "agent": "mobile",
    /// "referrer": "www.reddit.com", "occurred_at": "2026-03-02T09:12:00+00:00", "campaign_id": null}</example>
    public sealed record ClickRow(
        string Id, string LinkCode, Guid? PublicationId, Guid? PieceId, Guid? ProductId, string? Niche, string? Platform, string? PromptVersion, string Agent, string? Referrer,
        DateTimeOffset OccurredAt, string? CampaignId = null);

    /// <param name="link">A code: only clicks of this link.</param>
    public static async Task<Page<ClickRow>> HandleAsync(
        string? link, [AsParameters] LineageFilter filter, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        var period = filter.Period;
        var after = page.After<Guid>();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await work.QueryAsync<Row>(
            """
            select c.id, c.link_code, l.publication_id, l.piece_id, l.product_id, l.niche, l.platform, l.prompt_version, c.agent, c.referrer, c.occurred_at, l.campaign_id
            from clicks c join link_lineage l on l.code = c.link_code
            where c.tenant_id = @tenant
              and (@link::text is null or c.link_code = @link)
              and (@start::timestamptz is null or c.occurred_at >= @start) and (@end::timestamptz is null or c.occurred_at < @end)
              and (@Product::text is null or coalesce(l.product_id::text, 'unattributed') = @Product)
              and (@Niche::text is null or coalesce(l.niche, 'unattributed') = @Niche)
              and (@Platform::text is null or coalesce(l.platform, 'unattributed') = @Platform)
              and (@PromptVersion::text is null or coalesce(l.prompt_version, 'unattributed') = @PromptVersion)
              and (@campaign::text is null or coalesce(l.campaign_id::text, 'unattributed') = @campaign)
              and (@after::uuid is null or c.id < @after)
            order by c.id desc limit @limit
            """,
            new
            {
                tenant = caller.Tenant, link, start = period.Start, end = period.End, filter.Product, filter.Niche, filter.Platform, filter.PromptVersion, campaign = filter.CampaignText, after, limit = page.Fetch,
            }, ct);
        var shown = page.ToPage(rows, row => row.Id);
        return new([.. shown.Data.Select(row => row.ToClick())], shown.NextCursor);
    }

    private sealed record Row
    {
        public Guid Id { get; init; }
        public string LinkCode { get; init; } = "";
        public Guid? PublicationId { get; init; }
        public Guid? PieceId { get; init; }
        public Guid? ProductId { get; init; }
        public string? Niche { get; init; }
        public string? Platform { get; init; }
        public string? PromptVersion { get; init; }
        public Guid? CampaignId { get; init; }
        public string Agent { get; init; } = "";
        public string? Referrer { get; init; }
        public DateTimeOffset OccurredAt { get; init; }

        public ClickRow ToClick() => new(PublicId.Format("clk", Id), LinkCode, PublicationId, PieceId, ProductId, Niche, Platform, PromptVersion, Agent, Referrer, OccurredAt, LineageFilter.ShownCampaign(CampaignId));
    }
}
