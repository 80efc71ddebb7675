using Empire.Contracts.V1;
using Empire.Data;
using Empire.Http;

namespace Empire.Acquisition.Campaigns;

/// <summary>Spend, clicks, conversions, revenue and return of campaigns in a period.</summary>
public static class ReportCampaigns
{
    /// <param name="from">First UTC day; without it, from the beginning.</param>
    /// <param name="to">Last UTC day, included; without it, until now.</param>
    /// <param name="campaign">cmp_…: only this one.</param>
    /// <param name="channel">Only campaigns of this channel.</param>
    public static async Task<CampaignReport> HandleAsync(
        DateOnly? from, DateOnly? to, string? campaign, string? channel, [AsParameters] PageRequest page, Caller caller, Database db, Analytics.AnalyticsClient analytics, ServiceCalls calls, CancellationToken ct)
    {
        if (from > to) throw new InvalidFieldException("from", "must not be after 'to'.");
        Guid? only = campaign is null ? null : PublicId.TryParse(Campaign.Prefix, campaign, out var id) ? id : throw new InvalidFieldException("campaign", $"wanted: an id of the form {Campaign.Prefix}_….");
        var after = page.After<(DateTimeOffset At, Guid Id)>();
        var fetch = page.Fetch;
        // Asked before the transaction: nobody holds a connection while another service counts.
        var brought = await analytics.ReportCampaignsAsync(new() { From = from?.ToString("O") ?? "", To = to?.ToString("O") ?? "" }, calls.For(caller, ct));

        await using var work = await db.BeginAsync(caller.Tenant, ct);
        var chosen = await work.QueryAsync<Guid>(
            "select id from campaigns where tenant_id = current_tenant() and (@channel::text is null or channel = @channel) and (@only::uuid is null or id = @only)", new { channel, only }, ct);
        var figures = Figures.Of([.. chosen], await SpendTable.OfPeriodAsync(work, from, to, ct), brought);
        var rows = page.ToPage(await CampaignTable.ListAsync(work, channel, null, only, null, after, fetch, ct), row => (row.CreatedAt, row.Id));
        return new(
            from, to, figures.Results.Values.Any(result => result.Test), figures.Clicks.Values.Sum(clicks => clicks.Clicks),
            [.. figures.Results.GroupBy(row => row.Key.Currency).OrderBy(group => group.Key.Code, StringComparer.Ordinal)
                .Select(group => CurrencyFigures.Of(group.Aggregate(Result.None(group.Key), (sum, row) => sum + row.Value)))],
            [.. rows.Data.Select(row => figures.RowOf(row, work.Now))], rows.NextCursor);
    }

    /// <summary>What was spent, as it stands here, beside what was clicked and earned, as analytics has it.</summary>
    private sealed record Figures(IReadOnlyDictionary<(Guid Campaign, Currency Currency), Result> Results, IReadOnlyDictionary<Guid, CampaignClicks> Clicks)
    {
        public static Figures Of(HashSet<Guid> campaigns, IReadOnlyList<SpendSum> spent, ReportCampaignsReply brought)
        {
            var parts = spent.Select(sum => (sum.CampaignId, sum.Currency, Result: Result.None(sum.Currency) with { Spend = new(sum.Micros, sum.Currency), Test = sum.Test }))
                .Concat(brought.Revenues.Select(row => (Guid.Parse(row.CampaignId), Currency.Parse(row.Revenue.Currency), ResultOf(row))));
            return new(
                parts.Where(part => campaigns.Contains(part.Item1)).GroupBy(part => (part.Item1, part.Item2))
                    .ToDictionary(group => group.Key, group => group.Aggregate(Result.None(group.Key.Item2), (sum, part) => sum + part.Item3)),
                brought.Clicks.Where(row => campaigns.Contains(Guid.Parse(row.CampaignId))).ToDictionary(row => Guid.Parse(row.CampaignId)));
        }

        public CampaignFigures RowOf(Campaign campaign, DateTimeOffset now)
        {
            var own = Results.GetValueOrDefault((campaign.Id, campaign.Currency), Result.None(campaign.Currency));
            var clicks = Clicks.GetValueOrDefault(campaign.Id);
            return new(
                campaign.PublicId, campaign.Name, campaign.Channel, campaign.StatusAt(now), campaign.ArchivedAt is not null, campaign.Currency, campaign.Budget.Amount, own.Spend.Amount, clicks?.Clicks ?? 0,
                clicks?.BotClicks ?? 0, own.Conversions, own.Reversed, own.Revenue.Amount, own.RoiPercent,
                [.. Results.Where(row => row.Key.Campaign == campaign.Id && row.Key.Currency != campaign.Currency).OrderBy(row => row.Key.Currency.Code, StringComparer.Ordinal).Select(row => CurrencyFigures.Of(row.Value))]);
        }

        private static Result ResultOf(CampaignRevenue row)
        {
            var currency = Currency.Parse(row.Revenue.Currency);
            return new(Money.Zero(currency), new(row.Revenue.Micros, currency), row.Conversions, row.Reversed, row.Test);
        }
    }
}
