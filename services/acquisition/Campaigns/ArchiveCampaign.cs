using Empire.Data;
using Empire.Http;
using Empire.Tiers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Acquisition.Campaigns;

/// <summary>Archives a campaign: it gives its place back and is in no list; its links go on leading where they led, and its figures stay.</summary>
public static class ArchiveCampaign
{
    /// <param name="id">cmp_….</param>
    public static async Task<Results<NoContent, NotFound>> HandleAsync(string id, Caller caller, Database db, TenantResources resources, CancellationToken ct)
    {
        if (!PublicId.TryParse(Campaign.Prefix, id, out var key)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (!await CampaignTable.ArchiveAsync(work, key, ct)) // twice gives back one place
            return await CampaignTable.FindAsync(work, key, ct) is null ? TypedResults.NotFound() : TypedResults.NoContent();
        await resources.ReleaseAsync(work, TierResource.Campaigns, ct);
        work.Audit("campaign.archived", "campaign", PublicId.Format(Campaign.Prefix, key));
        await work.CommitAsync(ct);
        return TypedResults.NoContent();
    }
}
