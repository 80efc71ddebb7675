using System.ComponentModel.DataAnnotations;
using Empire.Acquisition.Mail;
using Empire.Data;
using Empire.Http;
using Empire.Tiers;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;

namespace Empire.Acquisition.Campaigns;

/// <summary>Makes a campaign; it takes one of the places that the account's tier allows.</summary>
public static class CreateCampaign
{
    /// <example>{"name": "Spring sale", "channel": "google_ads", "budget": 250.00, "currency": "USD", "status": "draft", "starts_at": "2026-03-01T00:00:00Z", "ends_at": "2026-04-01T00:00:00Z",
    ///   "destination": "https://shop.example/spring"}</example>
    /// <param name="Name">One line of at most 200 characters; also the links' utm_campaign.</param>
    /// <param name="Channel">email, social, blog, google_ads, meta_ads or tiktok_ads.</param>
    /// <param name="Budget">More than zero where the channel is a platform for advertisements; no more decimals than the currency has.</param>
    /// <param name="Currency">ISO 4217; USD if left out. It never changes.</param>
    /// <param name="Status">draft or active.</param>
    /// <param name="Destination">Where a first tracked link leads, labelled main; null: no link yet.</param>
    public sealed record Request(
        [Required] string Name, [OneOf("email", "social", "blog", "google_ads", "meta_ads", "tiktok_ads")] string Channel, decimal Budget, Currency? Currency = null,
        [OneOf(Campaign.Draft, Campaign.Active)] string Status = Campaign.Draft, DateTimeOffset? StartsAt = null, DateTimeOffset? EndsAt = null, string? Destination = null);

    public static async Task<Results<Created<CampaignView>, ProblemHttpResult>> HandleAsync(
        Request request, Caller caller, Database db, TenantResources resources, TrackedLinks links, IOptions<MailOptions> mail, TimeProvider clock, CancellationToken ct,
        [FromHeader(Name = "Idempotency-Key")] string? requestKey = null)
    {
        var now = clock.GetUtcNow();
        var campaign = Campaign.Plan(
            Guid.CreateVersion7(now), request.Channel, request.Currency ?? Currency.Usd, request.Status, new(request.Name, request.Budget, request.StartsAt, request.EndsAt), caller.Actor, now);
        if (requestKey is not null && await FindMadeAsync(db, caller, requestKey, mail.Value.Root, ct) is { } made) return Created(made);
        var tier = caller.Tier ?? TierTable.Free;   // whoever does not say is held to the least

        // The link is made before the campaign that shows it: a death in between leaves a link that nobody was given. Who has no place left gets none either.
        if (request.Destination is not null)
            await using (var trial = await db.BeginAsync(caller.Tenant, ct))
                if (await resources.ClaimAsync(trial, TierResource.Campaigns, tier, ct) is { } full) return full.ToProblem(StatusCodes.Status403Forbidden);
        var link = request.Destination is { } destination
            ? new CampaignLink { CampaignId = campaign.Id, Label = CampaignLink.Main, Destination = destination, Code = await links.CreateAsync(caller.Tenant, campaign, CampaignLink.Main, destination, ct) }
            : null;

        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await resources.ClaimAsync(work, TierResource.Campaigns, tier, ct) is { } refusal) return refusal.ToProblem(StatusCodes.Status403Forbidden);
        await CampaignTable.InsertAsync(work, campaign, requestKey, ct);
        if (link is not null) await CampaignLinkTable.AddAsync(work, link, ct);
        work.Audit("campaign.created", "campaign", campaign.PublicId, new { campaign.Channel, request.Budget, Currency = campaign.Currency.Code, campaign.Status });
        var view = (await ReadCampaigns.FindAsync(work, campaign.Id, mail.Value.Root, ct))!;   // as every later answer shows it
        await work.CommitAsync(ct);
        return Created(view);
    }

    /// <summary>What an earlier request of this key made, though nobody heard the answer.</summary>
    private static async Task<CampaignView?> FindMadeAsync(Database db, Caller caller, string requestKey, string root, CancellationToken ct)
    {
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        return await CampaignTable.FindRequestAsync(work, requestKey, ct) is { } id ? await ReadCampaigns.FindAsync(work, id, root, ct) : null;
    }

    private static Created<CampaignView> Created(CampaignView view) => TypedResults.Created($"{CampaignEndpoints.Path}/{view.Id}", view);
}
