using Empire.Data;

namespace Empire.Analytics.Conversions;

/// <summary>Conversions whose sub id named no click of ours when they came. Nothing of them is lost: a click that is stored late, out of the spool, releases them.</summary>
public sealed class Quarantine(Database db, ConversionIntake intake)
{
    private const int BatchSize = 100;

    /// <returns>How many were booked.</returns>
    public async Task<int> ReleaseAsync(CancellationToken ct)
    {
        for (var total = 0; ;)
        {
            await using var work = await db.BeginSystemAsync(ct);
            var releasable = await ConversionTable.ClaimReleasableAsync(work, BatchSize, ct);
            foreach (var message in releasable)
                if (Network.Find(message.Network) is { } network) await intake.BookAsync(work, network, message.ToMessage(), ct);
            await work.CommitAsync(ct);
            total += releasable.Count;
            if (releasable.Count < BatchSize) return total;
        }
    }
}
