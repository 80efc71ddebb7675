using Empire.Contracts.V1;

namespace Empire.GpuAgent.Spooling;

/// <summary>Fewer samples in place of many, when the spool is full. A summary has the highest number of the batches it stands for; what it merged or left out is counted within it.</summary>
internal static class Summary
{
    private const long MinuteMs = 60_000;
    private const long HourMs = 60 * MinuteMs;

    /// <param name="batches">In the order of their numbers, none of which was ever sent.</param>
    public static IEnumerable<SampleBatch> Of(IReadOnlyList<SampleBatch> batches, Detail detail)
    {
        if (batches.Count == 0) yield break;
        if (detail == Detail.Newest)
        {
            yield return NewestOf(batches);
            yield break;
        }
        var span = detail == Detail.Minutes ? MinuteMs : HourMs;
        var from = 0;
        for (var i = 1; i <= batches.Count; i++)
        {
            if (i < batches.Count && PeriodOf(batches[i], span) == PeriodOf(batches[from], span)) continue;
            yield return MergeOf([.. batches.Skip(from).Take(i - from)]);
            from = i;
        }
    }

    private static long PeriodOf(SampleBatch batch, long span) => batch.Samples.Count == 0 ? -1 : Math.DivRem(batch.Samples[^1].ObservedAtMs, span).Quotient;

    private static SampleBatch MergeOf(List<SampleBatch> batches)
    {
        var merged = Frame(batches);
        // A GPU that went from one job to the next is two, so that each job keeps its own time on it.
        var groups = batches.SelectMany(batch => batch.Samples).GroupBy(sample => (sample.GpuIndex, sample.GpuUuid, sample.HasMigInstance ? sample.MigInstance : uint.MaxValue, sample.JobId));
        foreach (var group in groups)
        {
            var samples = group.ToList();
            merged.Samples.Add(MeanOf(samples));
            if (samples.Count > 1) (merged.Dropped ??= new()).Summarised += (ulong)samples.Count;
        }
        Sort(merged);
        return merged;
    }

    private static SampleBatch NewestOf(IReadOnlyList<SampleBatch> batches)
    {
        var kept = Frame(batches);
        var before = 0;
        var newest = new Dictionary<(int, string, uint), Sample>();
        foreach (var sample in batches.SelectMany(batch => batch.Samples))
        {
            before++;
            newest[(sample.GpuIndex, sample.GpuUuid, sample.HasMigInstance ? sample.MigInstance : uint.MaxValue)] = sample;
        }
        kept.Samples.AddRange(newest.Values);
        if (before > newest.Count) (kept.Dropped ??= new()).Lost += (ulong)(before - newest.Count);
        Sort(kept);
        return kept;
    }

    /// <summary>The batch that stands for them, still without samples: the last number, the newest tags, what they had counted.</summary>
    private static SampleBatch Frame(IReadOnlyList<SampleBatch> batches)
    {
        var frame = new SampleBatch { AgentId = batches[^1].AgentId, Sequence = batches[^1].Sequence, Host = batches.LastOrDefault(batch => batch.Host is not null)?.Host };
        var (summarised, lost) = (0ul, 0ul);
        foreach (var batch in batches)
        {
            summarised += batch.Dropped?.Summarised ?? 0;
            lost += batch.Dropped?.Lost ?? 0;
        }
        if (summarised + lost > 0) frame.Dropped = new() { Summarised = summarised, Lost = lost };
        return frame;
    }

    /// <summary>The clock may have been set back in between; what is sent ascends.</summary>
    private static void Sort(SampleBatch batch)
    {
        var ordered = batch.Samples.OrderBy(sample => sample.ObservedAtMs).ThenBy(sample => sample.GpuIndex).ToList();
        batch.Samples.Clear();
        batch.Samples.AddRange(ordered);
    }

    /// <summary>Means of what varies, the newest of what counts up or names something, every reason to throttle that there was.</summary>
    private static Sample MeanOf(List<Sample> samples)
    {
        var mean = samples[^1].Clone();
        if (samples.Count == 1) return mean;
        mean.ObservedAtMs = samples.Max(sample => sample.ObservedAtMs);
        if (Mean(samples, s => s.HasGpuUtil, s => s.GpuUtil) is { } util) mean.GpuUtil = (float)util;
        if (Mean(samples, s => s.HasMemUtil, s => s.MemUtil) is { } memUtil) mean.MemUtil = (float)memUtil;
        if (Mean(samples, s => s.HasMemUsed, s => s.MemUsed) is { } used) mean.MemUsed = (long)Math.Round(used);
        if (Mean(samples, s => s.HasTemperature, s => s.Temperature) is { } celsius) mean.Temperature = (int)Math.Round(celsius);
        if (Mean(samples, s => s.HasPower, s => s.Power) is { } watts) mean.Power = (float)watts;
        if (Mean(samples, s => s.HasSmClock, s => s.SmClock) is { } smClock) mean.SmClock = (uint)Math.Round(smClock);
        if (Mean(samples, s => s.HasMemClock, s => s.MemClock) is { } memClock) mean.MemClock = (uint)Math.Round(memClock);
        if (Mean(samples, s => s.HasPcieRx, s => s.PcieRx) is { } received) mean.PcieRx = (ulong)Math.Round(received);
        if (Mean(samples, s => s.HasPcieTx, s => s.PcieTx) is { } sent) mean.PcieTx = (ulong)Math.Round(sent);
        if (samples.Exists(s => s.HasThrottleReasons)) mean.ThrottleReasons = samples.Aggregate(0ul, (all, s) => all | s.ThrottleReasons);
        return mean;
    }

    private static double? Mean(List<Sample> samples, Func<Sample, bool> known, Func<Sample, double> value)
    {
        var (sum, count) = (0.0, 0);
        foreach (var sample in samples)
        {
            if (!known(sample)) continue;
            sum += value(sample);
            count++;
        }
        return count == 0 ? null : sum / count;
    }
}
