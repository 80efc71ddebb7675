using Empire.Contracts;
using Empire.Data;
using Empire.Messaging;
using Empire.Payments.Ledger;

namespace Empire.Payments.Heard;

/// <summary>A commission is earned when the network credits it. A reversal that was heard before waits in the raw log for the conversion, which alone knows network and lineage.</summary>
[Queue("payments.conversion-recorded")]
public sealed class HearConversions : IHandle<ConversionRecorded>
{
    public async Task HandleAsync(ConversionRecorded fact, Work work, CancellationToken ct)
    {
        await LockAsync(work, fact.ConversionId, ct);
        if (!await HeardEvents.BookAsync(work, fact.ConversionId, fact, fact.OccurredAt, HeardBookings.Of(fact), ct)) return;
        if (await HeardEvents.FindAsync<ConversionReversed>(work, fact.ConversionId, ct) is { } reversal && HeardBookings.Of(fact, reversal) is { } booking)
            await Book.PostAsync(work, booking, ct);
    }

    /// <summary>Conversion and reversal come by two queues: without this, each could look for the other before either has committed.</summary>
    internal static Task LockAsync(Work work, Guid conversion, CancellationToken ct) =>
        work.ExecuteAsync("select pg_advisory_xact_lock(hashtextextended(@key, 0))", new { key = $"conversion {conversion}" }, ct);
}

/// <summary>The network took a commission back.</summary>
[Queue("payments.conversion-reversed")]
public sealed class HearReversals : IHandle<ConversionReversed>
{
    public async Task HandleAsync(ConversionReversed fact, Work work, CancellationToken ct)
    {
        await HearConversions.LockAsync(work, fact.ConversionId, ct);
        var conversion = await HeardEvents.FindAsync<ConversionRecorded>(work, fact.ConversionId, ct);
        await HeardEvents.BookAsync(work, fact.ConversionId, fact, fact.OccurredAt, conversion is null ? null : HeardBookings.Of(conversion, fact), ct);
    }
}
