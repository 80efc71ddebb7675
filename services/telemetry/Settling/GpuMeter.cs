using Empire.Telemetry.Events;
using Empire.Telemetry.Ingest;
using Empire.Telemetry.Savings;
using Empire.Telemetry.Storage;

namespace Empire.Telemetry.Settling;

/// <summary>Where the reading of a series stands between two settlings; kept as JSON.</summary>
internal sealed record GpuState
{
    /// <summary>Unix milliseconds of the latest sample; null: none yet.</summary>
    public long? LastAt { get; set; }
    public long? Energy { get; set; }
    public long? EccUncorrected { get; set; }
    public long Xid { get; set; }
    public Streak Idle { get; init; } = new();
    public Streak Hot { get; init; } = new();
    public Streak Throttled { get; init; } = new();

    /// <summary>What lasted until nothing was heard any more lasted until then: nobody knows what was in between.</summary>
    /// <returns>The ends of what had been told.</returns>
    public IReadOnlyList<Finding> EndStreaks()
    {
        var ends = new List<Finding>();
        foreach (var (kind, streak) in ((string, Streak)[])[(GpuEventTable.Idle, Idle), (GpuEventTable.Hot, Hot), (GpuEventTable.Throttled, Throttled)])
        {
            if (streak is { Told: true, Since: { } since }) ends.Add(Finding.End(kind, streak.CalmSince ?? LastAt!.Value, since));
            streak.Clear();
        }
        return ends;
    }
}

/// <summary>Something a GPU's samples tell.</summary>
/// <param name="Kind">As in <see cref="GpuEventTable"/>.</param>
/// <param name="At">Unix milliseconds: when it has lasted long enough to be told, or, of an end, when it was over.</param>
/// <param name="Since">Unix milliseconds.</param>
/// <param name="Value">Rate, degrees, reasons or new errors, by kind.</param>
/// <param name="IsEnd">What was told with this kind and <paramref name="Since"/> is over.</param>
internal sealed record Finding(string Kind, long At, long Since, long Value = 0, long Xid = 0, bool IsEnd = false)
{
    public static Finding End(string kind, long at, long since) => new(kind, at, since, IsEnd: true);
}

/// <summary>Reads the samples of one series in their order, and makes of them sums, shares of jobs and findings. It knows no database and no clock.</summary>
/// <param name="part">The series is of a MIG instance.</param>
internal sealed class GpuMeter(GpuState state, TimeSpan interval, SettleOptions options, bool part = false)
{
    private const long MinuteMs = 60_000, DayMs = 86_400_000;

    /// <summary>A gap longer than this many intervals is not somebody's time.</summary>
    private const int LongestGap = 3;

    /// <summary>What no GPU exceeds. A counter that has gone farther since the sample before is not believed: one sample must not spoil the sums.</summary>
    private const long MostJoulesPerMs = (long)SampleRules.MostPower / 1000;

    /// <summary>The reasons that cost speed: hardware slow-down, heat (by software and hardware), power brake. Not: idle, set by the owner, power cap. Source: nvml.h, nvmlClocksEventReason*.</summary>
    private const long SlowingReasons = 0x8 | 0x20 | 0x40 | 0x80;

    private const long IdleLeaves = 1_500; // hundredths of a percent: idle begins below 10 %, and ends from 15 % on

    public GpuState State => state;

    /// <summary>By the minute's beginning, in Unix milliseconds.</summary>
    public SortedDictionary<long, RollUp> Minutes { get; } = [];

    /// <summary>By job and day, in days since 1970.</summary>
    public Dictionary<(string Job, long Day), (long Ms, long CostMicroMs, long EnergyMj)> Jobs { get; } = [];

    public List<Finding> Findings { get; } = [];

    /// <param name="split">Takes from the GPU's energy, before its jobs have it, what its MIG instances have; null: it has none.</param>
    /// <param name="given">What the GPU gave this instance, in millijoules by sample.</param>
    public void Read(GpuBlock block, MigEnergy? split = null, long[]? given = null)
    {
        var (util, used, total, temperature, power, energy, rate, span) = (block.Column(Metric.GpuUtil), block.Column(Metric.MemUsed), block.Column(Metric.MemTotal),
            block.Column(Metric.Temperature), block.Column(Metric.Power), block.Column(Metric.Energy), block.Column(Metric.Rate), block.Column(Metric.Span));
        RollUp? minute = null;
        var minuteStart = long.MinValue;
        for (var i = 0; i < block.Count; i++)
        {
            var at = block.Times[i];
            var ms = span is null || span[i] == Metrics.Unknown ? Weight(at) : span[i];
            var start = at - Modulo(at, MinuteMs);
            if (minute is null || start != minuteStart)
            {
                minuteStart = start;
                if (!Minutes.TryGetValue(start, out minute)) Minutes[start] = minute = new();
            }
            long? use = util is null || util[i] == Metrics.Unknown ? null : util[i];
            var cost = rate is null || rate[i] == Metrics.Unknown ? 0 : checked(rate[i] * ms);
            var silent = Silence(at, ms);
            var (joules, ofJobs) = EnergyOf(energy?[i] ?? Metrics.Unknown, power?[i] ?? Metrics.Unknown, ms, at, silent > LongestSilence);
            minute.Samples++;
            minute.Ms += ms;
            if (use is { } known)
            {
                minute.UtilSum += known;
                minute.UtilMin = Math.Min(minute.UtilMin, (int)known);
                minute.UtilMax = Math.Max(minute.UtilMax, (int)known);
            }
            else minute.UnknownUtils++;
            minute.MemUsedSum += used?[i] ?? 0;
            minute.MemUsedMax = Math.Max(minute.MemUsedMax, used?[i] ?? 0);
            minute.MemTotalMax = Math.Max(minute.MemTotalMax, total?[i] ?? 0);
            if (temperature is not null && temperature[i] != Metrics.Unknown)
            {
                minute.Temperatures++;
                minute.TemperatureSum += temperature[i];
                minute.TemperatureMax = Math.Max(minute.TemperatureMax ?? int.MinValue, (int)temperature[i]);
            }
            if (power is not null && power[i] != Metrics.Unknown)
            {
                minute.Powers++;
                minute.PowerSum += power[i];
                minute.PowerMax = Math.Max(minute.PowerMax ?? int.MinValue, (int)power[i]);
            }
            minute.EnergyMj += joules;
            if (use < SavingsRule.Idle) minute.IdleMs += ms;
            minute.CostMicroMs += cost;
            minute.WasteMicroMs += SavingsRule.Waste(cost, use, part);
            Share(block, i, at, ms, cost, (split?.Divide(i, ofJobs) ?? ofJobs) + (given?[i] ?? 0)); // the sums keep what was measured where it was measured
            if (joules > ofJobs) AddShare("", DayOf(at), 0, 0, joules - ofJobs);
            if (state.LastAt is null || at >= state.LastAt)
            {
                if (silent > Math.Max(LongestSilence, options.CalmAfter.TotalMilliseconds)) Findings.AddRange(state.EndStreaks());
                Detect(block, i, at, use, rate?[i] ?? 0);
            }
            state.LastAt = Math.Max(state.LastAt ?? at, at);
        }
    }

    /// <summary>Milliseconds that a sample stands for which does not say it: those since the one before it. The first, and one after a gap, stands for one interval: so a MIG instance that comes and goes has no more
    /// of the time than its GPU. Agents that merge samples reckon alike (agents/gpu/Spooling/Spans.cs).</summary>
    private long Weight(long at)
    {
        var usual = (long)interval.TotalMilliseconds;
        return state.LastAt is { } last && at - last <= LongestGap * usual ? Math.Max(0, at - last) : usual;
    }

    /// <summary>Milliseconds before what a sample stands for, of which nothing is known.</summary>
    private long Silence(long at, long ms) => state.LastAt is { } last ? at - ms - last : 0;

    private long LongestSilence => (LongestGap - 1) * (long)interval.TotalMilliseconds; // one interval of the gap is the sample's

    /// <summary>Millijoules since the sample before: by the counter where there is one that has not begun anew, else by the power at the moment.</summary>
    /// <param name="gap">Nothing is known of most of that time.</param>
    /// <returns>All that was measured; and what of it is for those who have the GPU now, since who had it in a gap nobody knows.</returns>
    private (long All, long OfJobs) EnergyOf(long counter, long power, long ms, long at, bool gap)
    {
        var byPower = power == Metrics.Unknown ? (long?)null : power * ms / 10;
        if (counter == Metrics.Unknown) return (byPower ?? 0, byPower ?? 0);
        var (before, elapsed) = (state.Energy, at - state.LastAt ?? 0);
        if (state.LastAt is null || elapsed > 0) state.Energy = counter;
        if (before is not { } known || counter < known || counter - known > elapsed * MostJoulesPerMs) return (byPower ?? 0, byPower ?? 0);
        var all = (counter - known) * 1000;
        return (all, gap ? Math.Min(all, byPower ?? (long)((Int128)all * ms / elapsed)) : all);
    }

    private void Share(GpuBlock block, int sample, long at, long ms, long cost, long joules)
    {
        var day = DayOf(at);
        if (block.Processes is null)
        {
            AddShare(block.JobOf(sample), day, ms, cost, joules);
            return;
        }
        var shares = JobShares.Of(block.JobOf(sample), block.ProcessesOf(sample));
        long[] weights = [.. shares.Select(share => share.Weight)];
        var (times, costs, energies) = (JobShares.Split(ms, weights), JobShares.Split(cost, weights), JobShares.Split(joules, weights));
        for (var i = 0; i < shares.Count; i++) AddShare(shares[i].Job, day, times[i], costs[i], energies[i]);
    }

    private void AddShare(string job, long day, long ms, long cost, long joules)
    {
        var (haveMs, haveCost, haveJoules) = Jobs.GetValueOrDefault((job, day));
        Jobs[(job, day)] = (haveMs + ms, haveCost + cost, haveJoules + joules);
    }

    private void Detect(GpuBlock block, int i, long at, long? use, long rate)
    {
        if (use is { } known) Step(GpuEventTable.Idle, state.Idle, known < SavingsRule.Idle, known >= IdleLeaves, at, options.IdleAfter, Math.Max(0, rate));
        if (block[Metric.Temperature, i] is not Metrics.Unknown and var degrees) Step(GpuEventTable.Hot, state.Hot, degrees >= options.HotAt, degrees < options.CoolAt, at, options.TroubleAfter, degrees);
        if (block[Metric.ThrottleReasons, i] is not Metrics.Unknown and var reasons)
        {
            var slow = (reasons & SlowingReasons) != 0;
            Step(GpuEventTable.Throttled, state.Throttled, slow, !slow, at, options.TroubleAfter, reasons);
        }
        var (errors, xid) = (block[Metric.EccUncorrected, i], block[Metric.Xid, i]);
        var rise = errors != Metrics.Unknown && state.EccUncorrected is { } before && errors > before ? errors - before : 0;
        var newXid = xid is not Metrics.Unknown and > 0 && xid != state.Xid;
        if (rise > 0 || newXid) Findings.Add(new(GpuEventTable.Ecc, at, at, rise, newXid ? xid : 0));
        if (errors != Metrics.Unknown) state.EccUncorrected = errors;
        if (xid != Metrics.Unknown) state.Xid = xid;
    }

    private void Step(string kind, Streak streak, bool enters, bool leaves, long at, TimeSpan after, long value)
    {
        switch (streak.Step(enters, leaves, at, after, options.CalmAfter))
        {
            case StreakChange.Begun:
                Findings.Add(new(kind, at, streak.Since!.Value, value));
                break;
            case StreakChange.Ended:
                Findings.Add(Finding.End(kind, streak.CalmSince!.Value, streak.Since!.Value));
                streak.Clear();
                break;
        }
    }

    private static long DayOf(long at) => (at - Modulo(at, DayMs)) / DayMs;

    private static long Modulo(long value, long by) => (value % by + by) % by; // floors also before 1970
}
