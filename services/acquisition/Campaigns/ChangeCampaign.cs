using Empire.Acquisition.Mail;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Acquisition.Campaigns;

/// <summary>Changes a campaign: what the request leaves out stays as it is.</summary>
public static class ChangeCampaign
{
    /// <example>{"budget": 300.00, "status": "active"}</example>
    /// <param name="Budget">Not below what is spent.</param>
    /// <param name="Status">From draft to active or ended; between active and paused; ended is for good.</param>
    /// <param name="EndsAt">After the start.</param>
    public sealed record Request(
        string? Name = null, decimal? Budget = null, [OneOf(Campaign.Draft, Campaign.Active, Campaign.Paused, Campaign.Ended, null)] string? Status = null, DateTimeOffset? StartsAt = null,
        DateTimeOffset? EndsAt = null);

    /// <param name="id">cmp_….</param>
    public static async Task<Results<Ok<CampaignView>, NotFound, ProblemHttpResult>> HandleAsync(string id, Request request, Caller caller, Database db, IOptions<MailOptions> mail, CancellationToken ct)
    {
        if (!PublicId.TryParse(Campaign.Prefix, id, out var key)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await CampaignTable.LockAsync(work, key, ct) is not { } campaign) return TypedResults.NotFound();
        var spent = (await SpendTable.TotalsAsync(work, [key], ct)).GetValueOrDefault((key, campaign.Currency));   // nothing is recorded by hand while the row is locked
        if (campaign.Change(new(request.Name, request.Budget, request.StartsAt, request.EndsAt), request.Status, spent, work.Now) is { } refusal) return refusal.ToProblem();
        await CampaignTable.SaveAsync(work, campaign, ct);
        work.Audit("campaign.changed", "campaign", campaign.PublicId, new { request.Budget, request.Status, request.StartsAt, request.EndsAt });
        var view = (await ReadCampaigns.FindAsync(work, key, mail.Value.Root, ct))!;
        await work.CommitAsync(ct);
        return TypedResults.Ok(view);
    }
}
