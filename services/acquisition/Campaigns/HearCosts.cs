using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Acquisition.Campaigns;

/// <summary>Adds to a campaign's spend what another service spent on it. Our own word comes back here too, and finds its row.</summary>
[Queue("acquisition.cost-incurred")]
public sealed class HearCosts : IHandle<CostIncurred>
{
    public Task HandleAsync(CostIncurred fact, Work work, CancellationToken ct) =>
        fact.CampaignId is not { } campaign || fact.Micros == 0 ? Task.CompletedTask : SpendTable.AddAsync(work, new()
        {
            Id = fact.CostId, CampaignId = campaign, Micros = fact.Micros, Currency = Currency.Parse(fact.Currency), SpentOn = DateOnly.FromDateTime(fact.OccurredAt.UtcDateTime), Source = fact.Category,
            Reference = fact.CostId.ToString(), Test = fact.Test,
        }, ct);
}
