using Empire.Contracts.V1;

namespace Empire.Telemetry.Ingest;

/// <summary>What the clock of a sender does to its samples. Those of a clock that is so wrong that they could not be taken are moved by what it is off: their distances stay, and nothing is lost until somebody sets it.</summary>
internal static class HostClock
{
    /// <param name="clockMs">What the sender's clock says now, in Unix milliseconds; 0: it did not say.</param>
    /// <returns>Milliseconds that must be added to it; 0 where it is right to five minutes, as the way here may take a while.</returns>
    public static long Off(long clockMs, DateTimeOffset now)
    {
        if (clockMs <= 0) return 0;
        var off = now.ToUnixTimeMilliseconds() - clockMs;
        return Math.Abs(off) > SampleRules.Ahead.TotalMilliseconds ? off : 0;
    }

    /// <param name="off">As <see cref="Off"/> gives it.</param>
    /// <returns>Whether what such a clock calls now could not be taken.</returns>
    public static bool IsUseless(long off) => off < -SampleRules.Ahead.TotalMilliseconds || off > SampleRules.Behind.TotalMilliseconds;

    /// <summary>Moves the samples of a useless clock.</summary>
    public static void Correct(SampleBatch batch, DateTimeOffset now)
    {
        var off = Off(batch.ClockMs, now);
        if (!IsUseless(off)) return;
        foreach (var sample in batch.Samples) sample.ObservedAtMs = unchecked(sample.ObservedAtMs + off); // what is nonsense is refused by its time
    }
}
