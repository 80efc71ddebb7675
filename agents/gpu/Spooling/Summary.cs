using Empire.Contracts.V1;

namespace Empire.GpuAgent.Spooling;

/// <summary>Fewer samples in place of many, when the spool is full. A summary has the highest number of the batches it stands for; what it merged or left out is counted within it. A merged sample says how long it stands
/// for: it costs, and uses, what those in it did.</summary>
internal static class Summary
{
    private const long MinuteMs = 60_000;
    private const long HourMs = 60 * MinuteMs;

    /// <summary>Of one GPU in one minute or hour. Where jobs come and go faster, each job has one sample, and energy goes to whom the counter stood at last: a full spool must become smaller.</summary>
    private const int MostStretches = 12;

    /// <summary>As telemetry takes them.</summary>
    private const int MostProcesses = 256;
    private const long MostSpanMs = 4 * HourMs;

    /// <param name="batches">In the order of their numbers, none of which was ever sent.</param>
    /// <param name="interval">Between two readings, until a batch says another.</param>
    /// <param name="before">The batch in front of them; null: not known.</param>
    public static IEnumerable<SampleBatch> Of(IReadOnlyList<SampleBatch> batches, Detail detail, TimeSpan interval, SampleBatch? before = null)
    {
        if (batches.Count == 0) yield break;
        if (detail == Detail.Newest)
        {
            yield return NewestOf(batches);
            yield break;
        }
        var spans = new Spans(interval);
        foreach (var sample in before?.Samples ?? []) spans.Of(sample);
        var span = detail == Detail.Minutes ? MinuteMs : HourMs;
        var from = 0;
        HostTags? host = null;
        for (var i = 1; i <= batches.Count; i++)
        {
            host = batches[i - 1].Host ?? host;
            if (i < batches.Count && PeriodOf(batches[i], span) == PeriodOf(batches[from], span) && (batches[i].Host is not { } told || told.Equals(host))) continue; // prices and intervals are the host's
            if (batches[from].Host is { IntervalSeconds: > 0 } said) spans.Change(said.IntervalSeconds);
            yield return MergeOf([.. batches.Skip(from).Take(i - from)], spans);
            from = i;
        }
    }

    private static long PeriodOf(SampleBatch batch, long span) => batch.Samples.Count == 0 ? -1 : Math.DivRem(batch.Samples[^1].ObservedAtMs, span).Quotient;

    private static SampleBatch MergeOf(List<SampleBatch> batches, Spans spans)
    {
        var merged = Frame(batches);
        foreach (var gpu in StretchesOf(batches, spans).GroupBy(stretch => stretch.GpuIndex))
        {
            var stretches = gpu.ToList();
            var many = stretches.Count > MostStretches;
            foreach (var (samples, ms) in many ? ByJob(stretches) : stretches.SelectMany(stretch => stretch.Series))
            {
                merged.Samples.Add(samples.Count > 1 || many ? MeanOf(samples, ms) : samples[0]);
                if (samples.Count > 1) (merged.Dropped ??= new()).Summarised += (ulong)samples.Count;
            }
        }
        Sort(merged);
        return merged;
    }

    /// <summary>A batch has all of a GPU and its instances that was read at one moment; one that was merged before has several moments.</summary>
    private static IEnumerable<Stretch> StretchesOf(List<SampleBatch> batches, Spans spans)
    {
        var open = new Dictionary<int, Stretch>();
        foreach (var reading in batches.SelectMany(batch => batch.Samples.GroupBy(sample => (sample.GpuIndex, sample.ObservedAtMs))))
        {
            var parts = new List<(Sample, long)>();
            var afterGap = false;
            foreach (var sample in reading)
            {
                var (ms, gap) = spans.Of(sample);
                parts.Add((sample, ms));
                afterGap |= gap;
            }
            if (open.TryGetValue(reading.Key.GpuIndex, out var stretch) && !afterGap && stretch.GoesOnWith(parts))
            {
                stretch.Add(parts);
                continue;
            }
            if (stretch is not null) yield return stretch;
            open[reading.Key.GpuIndex] = new(parts);
        }
        foreach (var stretch in open.Values) yield return stretch;
    }

    private static IEnumerable<(List<Sample> Samples, List<long> Ms)> ByJob(List<Stretch> stretches) => stretches.SelectMany(stretch => stretch.Series)
        .GroupBy(part => (Spans.SeriesOf(part.Samples[0]), part.Samples[0].JobId, part.Samples[0].CostPerHour?.Micros))
        .Select(group => (group.SelectMany(part => part.Samples).ToList(), group.SelectMany(part => part.Ms).ToList()));

    private static SampleBatch NewestOf(IReadOnlyList<SampleBatch> batches)
    {
        var kept = Frame(batches);
        var before = 0;
        var newest = new Dictionary<(int, string, string, uint), Sample>();
        foreach (var sample in batches.SelectMany(batch => batch.Samples))
        {
            before++;
            newest[Spans.SeriesOf(sample)] = sample;
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

    /// <summary>Means over time of what varies, the newest of what counts up or names something, every reason to throttle that there was, every process.</summary>
    /// <param name="ms">What each of them stands for.</param>
    private static Sample MeanOf(List<Sample> samples, List<long> ms)
    {
        var mean = samples[^1].Clone();
        mean.ObservedAtMs = samples.Max(sample => sample.ObservedAtMs);
        var all = ms.Sum();
        if (all > 0) mean.SpanMs = (uint)Math.Min(all, MostSpanMs); // where a clock that was set back leaves no time, the server finds none either
        if (samples.Count == 1) return mean;
        double[] weights = [.. ms.Select(part => all > 0 ? (double)part : 1)];
        if (Mean(s => s.HasGpuUtil, s => s.GpuUtil) is { } util) mean.GpuUtil = (float)util;
        if (Mean(s => s.HasMemUtil, s => s.MemUtil) is { } memUtil) mean.MemUtil = (float)memUtil;
        if (Mean(s => s.HasMemUsed, s => s.MemUsed) is { } used) mean.MemUsed = (long)Math.Round(used);
        if (Mean(s => s.HasTemperature, s => s.Temperature) is { } celsius) mean.Temperature = (int)Math.Round(celsius);
        if (Mean(s => s.HasPower, s => s.Power) is { } watts) mean.Power = (float)watts;
        if (Mean(s => s.HasSmClock, s => s.SmClock) is { } smClock) mean.SmClock = (uint)Math.Round(smClock);
        if (Mean(s => s.HasMemClock, s => s.MemClock) is { } memClock) mean.MemClock = (uint)Math.Round(memClock);
        if (Mean(s => s.HasPcieRx, s => s.PcieRx) is { } received) mean.PcieRx = (ulong)Math.Round(received);
        if (Mean(s => s.HasPcieTx, s => s.PcieTx) is { } sent) mean.PcieTx = (ulong)Math.Round(sent);
        if (samples.Exists(s => s.HasThrottleReasons)) mean.ThrottleReasons = samples.Aggregate(0ul, (reasons, s) => reasons | s.ThrottleReasons);
        mean.Processes.Clear();
        mean.Processes.AddRange(ProcessesOf(samples, weights));
        return mean;

        double? Mean(Func<Sample, bool> known, Func<Sample, double> value)
        {
            var (sum, weight) = (0.0, 0.0);
            for (var i = 0; i < samples.Count; i++)
            {
                if (!known(samples[i])) continue;
                sum += value(samples[i]) * weights[i];
                weight += weights[i];
            }
            return weight > 0 ? sum / weight : null;
        }
    }

    /// <summary>Everyone who was there, with the share that they had of the whole time. Where processes of jobs said more than a whole GPU at a moment, they share that moment as telemetry would divide it.</summary>
    private static IEnumerable<ProcessSample> ProcessesOf(List<Sample> samples, double[] weights)
    {
        const double Whole = 100;
        var (all, whole) = (new Dictionary<(uint, string, string), (ProcessSample Process, double Sm, double Mem, double There)>(), weights.Sum());
        for (var i = 0; i < samples.Count; i++)
        {
            var said = samples[i].Processes.Where(process => process.JobId.Length > 0).Sum(process => (double)process.Sm);
            foreach (var process in samples[i].Processes)
            {
                var key = (process.Pid, process.Name, process.JobId);
                var (_, sm, mem, there) = all.GetValueOrDefault(key);
                var share = said > Whole && process.JobId.Length > 0 ? process.Sm * Whole / said : process.Sm;
                all[key] = (process, sm + share * weights[i], mem + process.Mem * weights[i], there + weights[i]);
            }
        }
        var merged = all.Values.Select(one =>
        {
            var process = one.Process.Clone();
            if (process.HasSm || one.Sm > 0) process.Sm = (float)Math.Min(Whole, one.Sm / whole);
            if (process.HasMem && one.There > 0) process.Mem = (long)Math.Round(one.Mem / one.There);
            return process;
        }).OrderByDescending(process => process.Sm).ThenBy(process => process.Pid).ToList();
        return merged.Count <= MostProcesses ? merged : Folded(merged);
    }

    /// <summary>One process for each job in place of all of it.</summary>
    private static IEnumerable<ProcessSample> Folded(List<ProcessSample> processes) => processes.Where(process => process.JobId.Length > 0).GroupBy(process => process.JobId).Select(job =>
    {
        var process = job.First().Clone();
        process.Sm = Math.Min(100, job.Sum(one => one.Sm));
        if (process.HasMem) process.Mem = job.Sum(one => one.Mem);
        return process;
    }).OrderByDescending(process => process.Sm).Take(MostProcesses);
}
