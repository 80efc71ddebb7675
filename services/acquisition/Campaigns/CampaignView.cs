namespace Empire.Acquisition.Campaigns;

/// <summary>A campaign as the API shows it.</summary>
/// <param name="Channel">email, social, blog, google_ads, meta_ads or tiktok_ads.</param>
/// <param name="Status">draft, active, paused or ended; ended also once its end has come.</param>
/// <param name="Spent">So far, in the campaign's currency.</param>
/// <param name="Remaining">Of the budget; negative where more was spent.</param>
/// <param name="EndsAt">Null: open.</param>
/// <param name="Links">What leads through them is counted as the campaign's.</param>
/// <param name="CreatedBy">Who made it.</param>
/// <param name="ArchivedAt">When its place was given back; null while it holds one.</param>
/// <example>{"id": "cmp_019a5b3c7d5e7f60a1b2c3d4e5f60718", "name": "Spring sale", "channel": "google_ads", "status": "active", "budget": 250.00, "currency": "USD", "spent": 40.00, "remaining": 210.00,
///   "starts_at": "2026-03-01T00:00:00Z", "ends_at": "2026-04-01T00:00:00Z", "links": [{"label": "main", "destination": "https://shop.example/spring", "code": "a1B2c3D4", "url": "https://empire.example/r/a1B2c3D4"}],
///   "created_by": "user:019a5b3c7d5e7f60a1b2c3d4e5f60700", "created_at": "2026-02-20T08:00:00Z", "updated_at": "2026-03-01T09:30:00Z", "archived_at": null}</example>
public sealed record CampaignView(
    string Id, string Name, string Channel, string Status, decimal Budget, Currency Currency, decimal Spent, decimal Remaining, DateTimeOffset? StartsAt, DateTimeOffset? EndsAt, IReadOnlyList<LinkView> Links,
    string CreatedBy, DateTimeOffset CreatedAt, DateTimeOffset UpdatedAt, DateTimeOffset? ArchivedAt)
{
    /// <param name="root">Where people reach this installation, without a slash at the end.</param>
    internal static CampaignView Of(Campaign campaign, long spent, IEnumerable<CampaignLink> links, string root, DateTimeOffset now)
    {
        var (budget, used) = (campaign.Budget, new Money(spent, campaign.Currency));
        return new(
            campaign.PublicId, campaign.Name, campaign.Channel, campaign.StatusAt(now), budget.Amount, campaign.Currency, used.Amount, (budget - used).Amount, campaign.StartsAt, campaign.EndsAt,
            [.. links.Select(link => LinkView.Of(link, root))], campaign.CreatedBy, campaign.CreatedAt, campaign.UpdatedAt, campaign.ArchivedAt);
    }
}

/// <summary>A tracked link of a campaign.</summary>
/// <param name="Label">Tells it from the campaign's other links.</param>
/// <param name="Destination">Where it leads.</param>
/// <param name="Url">What to show to people.</param>
/// <example>{"label": "newsletter", "destination": "https://shop.example/spring", "code": "b2C3d4E5", "url": "https://empire.example/r/b2C3d4E5"}</example>
public sealed record LinkView(string Label, string Destination, string Code, string Url)
{
    internal static LinkView Of(CampaignLink link, string root) => new(link.Label, link.Destination, link.Code, $"{root}/r/{link.Code}");
}
