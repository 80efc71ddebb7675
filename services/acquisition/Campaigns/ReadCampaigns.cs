using Empire.Acquisition.Mail;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Acquisition.Campaigns;

/// <summary>The campaigns of the caller's account.</summary>
public static class ReadCampaigns
{
    /// <summary>Campaigns, the newest first.</summary>
    /// <param name="channel">email, social, blog, google_ads, meta_ads or tiktok_ads; null is all.</param>
    /// <param name="status">draft, active, paused or ended; null is all.</param>
    /// <param name="archived">True: those that were archived; else the others.</param>
    public static async Task<Page<CampaignView>> ListAsync(
        string? channel, string? status, bool? archived, [AsParameters] PageRequest page, Caller caller, Database db, IOptions<MailOptions> mail, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var rows = await CampaignTable.ListAsync(work, channel, status, null, archived is true, page.After<(DateTimeOffset At, Guid Id)>(), page.Fetch, ct);
        var shown = page.ToPage(rows, campaign => (campaign.CreatedAt, campaign.Id));
        var ids = shown.Data.Select(campaign => campaign.Id).ToArray();
        var (links, spent) = (await CampaignLinkTable.OfAsync(work, ids, ct), await SpendTable.TotalsAsync(work, ids, ct));
        return shown.Select(campaign => CampaignView.Of(campaign, spent.GetValueOrDefault((campaign.Id, campaign.Currency)), links[campaign.Id], mail.Value.Root, work.Now));
    }

    /// <summary>One campaign, also an archived one.</summary>
    /// <param name="id">cmp_….</param>
    public static async Task<Results<Ok<CampaignView>, NotFound>> GetAsync(string id, Caller caller, Database db, IOptions<MailOptions> mail, CancellationToken ct)
    {
        if (!PublicId.TryParse(Campaign.Prefix, id, out var key)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return await FindAsync(work, key, mail.Value.Root, ct) is { } view ? TypedResults.Ok(view) : TypedResults.NotFound();
    }

    internal static async Task<CampaignView?> FindAsync(Work work, Guid id, string root, CancellationToken ct)
    {
        if (await CampaignTable.FindAsync(work, id, ct) is not { } campaign) return null;
        var spent = (await SpendTable.TotalsAsync(work, [id], ct)).GetValueOrDefault((id, campaign.Currency));
        return CampaignView.Of(campaign, spent, (await CampaignLinkTable.OfAsync(work, [id], ct))[id], root, work.Now);
    }
}
