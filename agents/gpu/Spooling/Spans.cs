using Empire.Contracts.V1;

namespace Empire.GpuAgent.Spooling;

/// <summary>How long each sample stands for, reckoned as telemetry does (services/telemetry/Settling/GpuMeter.cs), so that samples which are merged cost what they would have cost one by one.</summary>
internal sealed class Spans(TimeSpan interval)
{
    /// <summary>A gap longer than this many intervals is nobody's time.</summary>
    private const int LongestGap = 3;

    private long usual = (long)interval.TotalMilliseconds;
    private readonly Dictionary<(int, string, string, uint), long> lasts = [];

    public static (int Index, string Uuid, string Name, uint Instance) SeriesOf(Sample sample) => (sample.GpuIndex, sample.GpuUuid, sample.GpuName, sample.HasMigInstance ? sample.MigInstance : uint.MaxValue);

    /// <summary>From here on readings come so far apart.</summary>
    public void Change(uint intervalSeconds) => usual = intervalSeconds * 1000L;

    /// <summary>Takes the next sample of its series.</summary>
    /// <returns>Milliseconds; and whether there was silence before them.</returns>
    public (long Ms, bool AfterGap) Of(Sample sample)
    {
        var (series, at) = (SeriesOf(sample), sample.ObservedAtMs);
        if (!lasts.TryGetValue(series, out var last))
        {
            lasts[series] = at;
            return (sample.HasSpanMs ? sample.SpanMs : usual, false);
        }
        lasts[series] = Math.Max(last, at);
        var ms = sample.HasSpanMs ? sample.SpanMs : at - last <= LongestGap * usual ? Math.Max(0, at - last) : usual;
        return (ms, at - ms - last > (LongestGap - 1) * usual);
    }
}
