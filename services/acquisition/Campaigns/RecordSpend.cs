using System.ComponentModel.DataAnnotations;
using Empire.Contracts;
using Empire.Data;
using Empire.Http;
using Microsoft.AspNetCore.Http.HttpResults;

namespace Empire.Acquisition.Campaigns;

/// <summary>Records what was spent on a campaign; the books have it as a cost of advertising in the same moment. The source's reference makes a repeat harmless.</summary>
public static class RecordSpend
{
    private const int Longest = 100;
    private const decimal Largest = 1_000_000_000;

    /// <example>{"amount": 40.00, "currency": "USD", "spent_on": "2026-03-02", "source": "google_ads", "reference": "invoice 5318008, line 1"}</example>
    /// <param name="Amount">More than zero, with at most six decimals.</param>
    /// <param name="SpentOn">UTC day that has begun.</param>
    /// <param name="Source">Who was paid; at most 100 characters.</param>
    /// <param name="Reference">The source's own name of this spending, as an invoice with its line: it is recorded once.</param>
    /// <param name="Currency">The campaign's; null is just that.</param>
    public sealed record Request(decimal Amount, DateOnly SpentOn, [Required] string Source, [Required] string Reference, Currency? Currency = null);

    /// <param name="RecordedBy">Null: told by the service that spent it.</param>
    /// <param name="Test">Spent at the sandbox.</param>
    /// <example>{"id": "spd_0199f3a17c5b7d3e8a4b5c6d7e8f9061", "campaign_id": "cmp_019a5b3c7d5e7f60a1b2c3d4e5f60718", "amount": 40, "currency": "USD", "spent_on": "2026-03-02",
    /// "source": "google_ads", "reference": "invoice 5318008, line 1", "recorded_by": "user:0199f3a17c5b7d3e8a4b5c6d7e8f9012", "test": false}</example>
    public sealed record View(string Id, string CampaignId, decimal Amount, Currency Currency, DateOnly SpentOn, string Source, string Reference, string? RecordedBy, bool Test)
    {
        internal static View Of(Spend spend) => new(
            PublicId.Format(Spend.Prefix, spend.Id), PublicId.Format(Campaign.Prefix, spend.CampaignId), spend.Amount.Amount, spend.Currency, spend.SpentOn, spend.Source, spend.Reference, spend.RecordedBy, spend.Test);
    }

    /// <param name="id">cmp_….</param>
    public static async Task<Results<Created<View>, Ok<View>, NotFound, ProblemHttpResult>> HandleAsync(string id, Request request, Caller caller, Database db, CancellationToken ct)
    {
        if (!PublicId.TryParse(Campaign.Prefix, id, out var key)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await CampaignTable.FindAsync(work, key, ct) is not { } campaign) return TypedResults.NotFound();
        var spend = From(request, campaign, caller, work.Now);
        if (await SpendTable.AddAsync(work, spend, ct))
        {
            work.Publish(new CostIncurred
            {
                TenantId = caller.Tenant.Value, CostId = spend.Id, Category = "ads", Micros = spend.Micros, Currency = spend.Currency.Code, Platform = campaign.Channel, CampaignId = campaign.Id,
                Description = $"{spend.Source} {spend.Reference}", Test = spend.Test, OccurredAt = new(spend.SpentOn, TimeOnly.MinValue, TimeSpan.Zero),
            });
            work.Audit("campaign.spend-recorded", "campaign", campaign.PublicId, new { request.Amount, Currency = spend.Currency.Code, request.SpentOn, spend.Source, spend.Reference });
            await work.CommitAsync(ct);
            return TypedResults.Created($"{CampaignEndpoints.Path}/{campaign.PublicId}/spend", View.Of(spend));
        }
        var known = (await SpendTable.FindAsync(work, key, spend.Source, spend.Reference, ct))!;
        return (known.Amount, known.SpentOn) == (spend.Amount, spend.SpentOn)
            ? TypedResults.Ok(View.Of(known))
            : new Refusal("spend-recorded-otherwise", $"{spend.Source} {spend.Reference} is recorded as {known.Amount} on {known.SpentOn:yyyy-MM-dd}.").ToProblem();
    }

    /// <summary>What was spent on a campaign, the latest day first.</summary>
    /// <param name="id">cmp_….</param>
    public static async Task<Results<Ok<Page<View>>, NotFound>> ListAsync(string id, [AsParameters] PageRequest page, Caller caller, Database db, CancellationToken ct)
    {
        if (!PublicId.TryParse(Campaign.Prefix, id, out var key)) return TypedResults.NotFound();
        await using var work = await db.BeginAsync(caller.Tenant, ct);
        if (await CampaignTable.FindAsync(work, key, ct) is null) return TypedResults.NotFound();
        var rows = await SpendTable.ListAsync(work, key, page.After<(DateOnly On, Guid Id)>(), page.Fetch, ct);
        return TypedResults.Ok(page.ToPage(rows, spend => (spend.SpentOn, spend.Id)).Select(View.Of));
    }

    private static Spend From(Request request, Campaign campaign, Caller caller, DateTimeOffset now)
    {
        if (request.Currency is { } currency && currency != campaign.Currency) throw new InvalidFieldException("currency", $"wanted: {campaign.Currency}, as the campaign's budget.");
        if (request.Amount is <= 0 or > Largest || decimal.Round(request.Amount, 6) != request.Amount) throw new InvalidFieldException("amount", $"wanted: more than zero, at most {Largest:0}, with at most six decimals.");
        if (request.SpentOn > DateOnly.FromDateTime(now.UtcDateTime) || request.SpentOn.Year < 2000) throw new InvalidFieldException("spent_on", "wanted: a UTC day that has begun, not before 2000.");
        return new()
        {
            Id = Guid.CreateVersion7(now), CampaignId = campaign.Id, Micros = Money.Of(request.Amount, campaign.Currency).Micros, Currency = campaign.Currency, SpentOn = request.SpentOn,
            Source = Line("source", request.Source), Reference = Line("reference", request.Reference), RecordedBy = caller.Actor,
        };
    }

    private static string Line(string field, string text) =>
        text.Trim() is { Length: > 0 and <= Longest } line && !line.Any(char.IsControl) ? line : throw new InvalidFieldException(field, $"wanted: one line of 1 to {Longest} characters.");
}
