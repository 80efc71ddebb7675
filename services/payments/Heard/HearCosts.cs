using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;

namespace Empire.Payments.Heard;

/// <summary>What another service spent is owed to whom it was spent on.</summary>
[Queue("payments.cost-incurred")]
public sealed class HearCosts : IHandle<CostIncurred>
{
    public Task HandleAsync(CostIncurred fact, Work work, CancellationToken ct) => HeardEvents.BookAsync(work, fact.CostId, fact, fact.OccurredAt, HeardBookings.Of(fact), ct);
}
