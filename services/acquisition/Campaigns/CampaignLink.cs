using Empire.Data;

namespace Empire.Acquisition.Campaigns;

/// <summary>A tracked link of a campaign.</summary>
public sealed record CampaignLink
{
    /// <summary>Of the link that a campaign is made with.</summary>
    public const string Main = "main";

    public required Guid CampaignId { get; init; }
    public required string Label { get; init; }
    public required string Destination { get; init; }

    /// <summary>The path is <c>/r/{code}</c>.</summary>
    public required string Code { get; init; }
}

internal static class CampaignLinkTable
{
    /// <returns>False when the campaign has a link of this label.</returns>
    public static async Task<bool> AddAsync(Work work, CampaignLink link, CancellationToken ct) =>
        await work.ExecuteAsync(
            """
            insert into campaign_links (tenant_id, campaign_id, label, destination, code, created_at) values (@Tenant, @CampaignId, @Label, @Destination, @Code, @Now)
            on conflict (tenant_id, campaign_id, label) do nothing
            """, new { work.Tenant, link.CampaignId, link.Label, link.Destination, link.Code, work.Now }, ct) == 1;

    public static Task<CampaignLink?> FindAsync(Work work, Guid campaign, string label, CancellationToken ct) =>
        work.QuerySingleOrDefaultAsync<CampaignLink>(
            "select campaign_id, label, destination, code from campaign_links where tenant_id = current_tenant() and campaign_id = @campaign and label = @label", new { campaign, label }, ct);

    /// <returns>By campaign, in the order in which they were made.</returns>
    public static async Task<ILookup<Guid, CampaignLink>> OfAsync(Work work, Guid[] campaigns, CancellationToken ct) =>
        (await work.QueryAsync<CampaignLink>(
            "select campaign_id, label, destination, code from campaign_links where tenant_id = current_tenant() and campaign_id = any(@campaigns) order by created_at, label", new { campaigns }, ct))
        .ToLookup(link => link.CampaignId);
}
