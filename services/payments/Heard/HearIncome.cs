using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Payments.Heard;

/// <summary>Advertising networks owe what they report.</summary>
[Queue("payments.ad-revenue-reported")]
public sealed class HearAdRevenue : IHandle<AdRevenueReported>
{
    public Task HandleAsync(AdRevenueReported fact, Work work, CancellationToken ct) => HeardEvents.BookAsync(work, fact.AdRevenueId, fact, fact.OccurredAt, HeardBookings.Of(fact), ct);
}

/// <summary>Sponsors owe what they agreed to.</summary>
[Queue("payments.sponsored-income-recorded")]
public sealed class HearSponsoredIncome : IHandle<SponsoredIncomeRecorded>
{
    public Task HandleAsync(SponsoredIncomeRecorded fact, Work work, CancellationToken ct) =>
        HeardEvents.BookAsync(work, fact.SponsoredIncomeId, fact, fact.OccurredAt, HeardBookings.Of(fact), ct);
}

/// <summary>A lead that became a customer is worth what someone said it is.</summary>
[Queue("payments.lead-converted")]
public sealed class HearLeads : IHandle<LeadConverted>
{
    public Task HandleAsync(LeadConverted fact, Work work, CancellationToken ct) => HeardEvents.BookAsync(work, fact.LeadConversionId, fact, fact.OccurredAt, HeardBookings.Of(fact), ct);
}
