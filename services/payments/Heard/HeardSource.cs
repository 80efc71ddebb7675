using System.Runtime.CompilerServices;
using Dapper;
using Empire.Contracts;
using Empire.Data;
using Empire.Payments.Ledger;
using Empire.Payments.Ledger.Rebuilding;

namespace Empire.Payments.Heard;

/// <summary>What the heard facts say about money.</summary>
internal sealed class HeardSource : IBookingSource
{
    public async IAsyncEnumerable<Booking> ReadAsync(Work work, [EnumeratorCancellation] CancellationToken ct)
    {
        var facts = work.Connection.QueryUnbufferedAsync<Row>(
            """
            select f.kind, f.payload::text as payload, r.payload::text as reversal
            from heard_events f left join heard_events r
              on f.kind = 'ConversionRecorded' and r.tenant_id = f.tenant_id and r.kind = 'ConversionReversed' and r.id = f.id
            where f.tenant_id = current_tenant() and f.kind <> 'ConversionReversed'
            """, transaction: work.Transaction, commandTimeout: 0);
        await foreach (var fact in facts.WithCancellation(ct))
        {
            if (BookingOf(fact.Kind, fact.Payload) is { } booking) yield return booking;
            if (fact.Reversal is not null && HeardBookings.Of(HeardEvents.Read<ConversionRecorded>(fact.Payload), HeardEvents.Read<ConversionReversed>(fact.Reversal)) is { } reversal) yield return reversal;
        }
    }

    private static Booking? BookingOf(string kind, string payload) => kind switch
    {
        nameof(CostIncurred) => HeardBookings.Of(HeardEvents.Read<CostIncurred>(payload)),
        nameof(ConversionRecorded) => HeardBookings.Of(HeardEvents.Read<ConversionRecorded>(payload)),
        nameof(AdRevenueReported) => HeardBookings.Of(HeardEvents.Read<AdRevenueReported>(payload)),
        nameof(SponsoredIncomeRecorded) => HeardBookings.Of(HeardEvents.Read<SponsoredIncomeRecorded>(payload)),
        nameof(LeadConverted) => HeardBookings.Of(HeardEvents.Read<LeadConverted>(payload)),
        nameof(TransactionPaid) => HeardBookings.Of(HeardEvents.Read<TransactionPaid>(payload)),
        nameof(ReferralRewarded) => HeardBookings.Of(HeardEvents.Read<ReferralRewarded>(payload)),
        nameof(ReferralTakenBack) => HeardBookings.Of(HeardEvents.Read<ReferralTakenBack>(payload)),
        nameof(ReferralKeptHere) => HeardBookings.Of(HeardEvents.Read<ReferralKeptHere>(payload)),
        nameof(CreditSpent) => HeardBookings.Of(HeardEvents.Read<CreditSpent>(payload)),
        nameof(TransactionConfirmed) => null,
        _ => throw new InvalidOperationException($"The raw log holds a {kind}, which this build cannot read."),
    };

    private sealed record Row
    {
        public string Kind { get; init; } = "";
        public string Payload { get; init; } = "";
        public string? Reversal { get; init; }
    }
}
