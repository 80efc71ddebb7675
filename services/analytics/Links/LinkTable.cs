using Empire.Data;

namespace Empire.Analytics.Links;

internal static class LinkTable
{
    /// <returns>The code under which the link is known: its own, or that of the link made first under the same key; null when the code was taken.</returns>
    public static async Task<string?> AddAsync(Work work, TrackedLink link, CancellationToken ct)
    {
        await work.ExecuteAsync(
            """
            insert into links (code, tenant_id, link_key, destination, publication_id, piece_id, product_id, network, niche, platform, prompt_version, campaign, campaign_id, created_at)
            values (@Code, @TenantId, @LinkKey, @Destination, @PublicationId, @PieceId, @ProductId, @Network, @Niche, @Platform, @PromptVersion, @Campaign, @CampaignId, @CreatedAt)
            on conflict do nothing
            """, link, ct);
        return await work.QuerySingleOrDefaultAsync<string>(
            "select code from links where tenant_id = @TenantId and link_key = @LinkKey", new { link.TenantId, link.LinkKey }, ct);
    }

    /// <param name="work">Over all tenants: a visitor brings a code and nothing else.</param>
    public static Task<TrackedLink?> FindAsync(Work work, string code, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<TrackedLink>("select * from links where code = @code", new { code }, ct);
}
