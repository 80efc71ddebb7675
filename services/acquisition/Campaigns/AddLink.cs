using System.ComponentModel.DataAnnotations;
using Empire.Acquisition.Mail;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.Extensions.Options;

namespace Empire.Acquisition.Campaigns;

/// <summary>Gives a campaign another tracked link, as one for each place where it is shown.</summary>
public static class AddLink
{
    private const int LongestLabel = 60, Most = 100;

    /// <example>{"label": "newsletter", "destination": "https://shop.example/spring"}</example>
    /// <param name="Label">Tells it from the campaign's other links; at most 60 characters.</param>
    /// <param name="Destination">An http or https address.</param>
    public sealed record Request([Required] string Label, [Required] string Destination);

    /// <param name="id">cmp_….</param>
    public static async Task<Results<Created<LinkView>, Ok<LinkView>, NotFound, ProblemHttpResult>> HandleAsync(
        string id, Request request, Caller caller, Database db, TrackedLinks links, IOptions<MailOptions> mail, CancellationToken ct)
    {
        var label = request.Label.Trim();
        if (label.Length is 0 or > LongestLabel || label.Any(char.IsControl)) throw new InvalidFieldException("label", $"wanted: one line of 1 to {LongestLabel} characters.");
        if (!PublicId.TryParse(Campaign.Prefix, id, out var key)) return TypedResults.NotFound();
        Campaign? campaign;
        await using (var look = await db.BeginAsync(caller.Tenant, ct))
        {
            campaign = await CampaignTable.FindAsync(look, key, ct);
            if (campaign is null) return TypedResults.NotFound();
            if (campaign.ArchivedAt is not null) return new Refusal("campaign-archived", "An archived campaign stays as it was.").ToProblem();
            if ((await CampaignLinkTable.OfAsync(look, [key], ct))[key].Count() >= Most) return new Refusal("too-many-links", $"A campaign has at most {Most} links.").ToProblem();
        }
        // Asked before it is written down: a death in between leaves a link that nobody was given, and whoever asks again gets it.
        var link = new CampaignLink { CampaignId = key, Label = label, Destination = request.Destination, Code = await links.CreateAsync(caller.Tenant, campaign, label, request.Destination, ct) };
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await CampaignLinkTable.AddAsync(work, link, ct))
        {
            work.Audit("campaign.link-added", "campaign", campaign.PublicId, new { label, link.Code });
            await work.CommitAsync(ct);
            return TypedResults.Created($"{CampaignEndpoints.Path}/{campaign.PublicId}", LinkView.Of(link, mail.Value.Root));
        }
        var known = (await CampaignLinkTable.FindAsync(work, key, label, ct))!;
        return known.Destination == link.Destination
            ? TypedResults.Ok(LinkView.Of(known, mail.Value.Root))
            : new Refusal("link-exists", $"The campaign's link {label} leads elsewhere; choose another label.").ToProblem();
    }
}
