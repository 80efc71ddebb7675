using Empire.Http;
using Microsoft.AspNetCore.Mvc;

namespace Empire.Analytics.Returns;

/// <summary>Which rows a list shows: those behind one number of a report. <c>unattributed</c> as a value finds the rows that lack the lineage.</summary>
/// <param name="Product">A product's UUID.</param>
/// <param name="Campaign">cmp_….</param>
/// <param name="From">First UTC day.</param>
/// <param name="To">Last UTC day, included.</param>
public sealed record LineageFilter(
    string? Product, string? Niche, string? Platform, [FromQuery(Name = "prompt_version")] string? PromptVersion, DateOnly? From, DateOnly? To, string? Campaign = null)
{
    /// <exception cref="InvalidFieldException">The product is no UUID, or the period ends before it begins.</exception>
    internal Period Period => Product is null or Dimension.Unattributed || Guid.TryParse(Product, out _)
        ? Returns.Period.Of(From, To)
        : throw new InvalidFieldException("product", "wanted: a UUID, or 'unattributed'.");

    /// <summary>As the column's text; null: all.</summary>
    /// <exception cref="InvalidFieldException">It is no id of a campaign.</exception>
    internal string? CampaignText => Campaign is null or Dimension.Unattributed ? Campaign
        : PublicId.TryParse(CampaignPrefix, Campaign, out var id) ? id.ToString()
        : throw new InvalidFieldException("campaign", $"wanted: an id of the form {CampaignPrefix}_…, or 'unattributed'.");

    /// <summary>How acquisition shows its campaigns.</summary>
    internal const string CampaignPrefix = "cmp";

    internal static string? ShownCampaign(Guid? id) => id is { } campaign ? PublicId.Format(CampaignPrefix, campaign) : null;
}
