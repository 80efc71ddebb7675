using Empire.Telemetry.Prices;

namespace Empire.Telemetry.Savings;

/// <summary>What one could do, and what it would bring.</summary>
/// <param name="Kind">shut_down, schedule_shutdown, smaller_gpu, consolidate, mig_split or spot.</param>
/// <param name="GpuIndex">Null: of the whole host.</param>
/// <param name="MonthlySavings">US dollars over 720 hours, compared with going on as observed.</param>
/// <param name="Confidence">low, medium or high: by how long and how evenly it was observed.</param>
/// <param name="Evidence">What was observed, in words and figures.</param>
public sealed record Recommendation(string Kind, Guid AgentId, string Hostname, int? GpuIndex, string Action, decimal MonthlySavings, string Confidence, string Evidence);

/// <summary>How a GPU was used over the period, by the hour.</summary>
/// <param name="Util">Percent, mean.</param>
/// <param name="PeakUtil">Percent: the hour with the highest mean.</param>
/// <param name="MemPeak">MiB.</param>
/// <param name="MemTotal">MiB.</param>
/// <param name="Hours">Watched.</param>
/// <param name="RateMicros">US dollars an hour in millionths, mean.</param>
internal sealed record GpuUse(Guid AgentId, int GpuIndex, bool Part, string GpuName, decimal Util, decimal PeakUtil, long MemPeak, long MemTotal, int Hours, long RateMicros);

/// <param name="QuietHours">Hours of the day (UTC) with, for each, the days watched and those on which every GPU of the host was idle throughout.</param>
internal sealed record HostUse(Guid AgentId, string Hostname, string Provider, string Region, string InstanceType, bool Spot, int Days, IReadOnlyList<GpuUse> Gpus, IReadOnlyDictionary<int, (int Watched, int Quiet)> QuietHours);

/// <summary>Reads how hosts were used, and says what would cost less. One GPU is never counted twice: of what could be done with a host only the best is advised. A busy fleet gets
/// no advice.</summary>
internal sealed class Advice(PriceBook prices, PriceOptions options, DateOnly today)
{
    private const int FewestHours = 24, FewestDays = 3, FewestNightHours = 4, DaysOfMonth = 30;
    private const decimal IdlePercent = 10, UnderUsedPercent = 30, QuietShare = 0.8m, PackedBelow = 80;

    public IReadOnlyList<Recommendation> For(IEnumerable<HostUse> hosts) =>
        [.. hosts.SelectMany(For).Where(advice => advice.MonthlySavings > 0).OrderByDescending(advice => advice.MonthlySavings).ThenBy(advice => advice.AgentId)];

    private IEnumerable<Recommendation> For(HostUse host)
    {
        if (host.Gpus.Count == 0 || host.Gpus.All(gpu => gpu.Hours < FewestHours)) return [];
        Recommendation?[] ofHost = [Idle(host), Nights(host), Split(host), Consolidated(host), OnSpot(host)]; // of two that bring the same, the first: parts of a GPU do not disturb each other
        var best = ofHost.OfType<Recommendation>().MaxBy(advice => advice.MonthlySavings);
        var ofGpus = Smaller(host);
        return ofGpus.Sum(advice => advice.MonthlySavings) > (best?.MonthlySavings ?? 0) ? ofGpus : best is null ? [] : [best];
    }

    private static Recommendation? Idle(HostUse host)
    {
        if (host.Gpus.Any(gpu => gpu.PeakUtil >= IdlePercent || gpu.Hours < FewestHours)) return null;
        var hours = host.Gpus.Min(gpu => gpu.Hours);
        return new("shut_down", host.AgentId, host.Hostname, null, "Shut the host down.", Month(host.Gpus.Sum(gpu => gpu.RateMicros), SavingsRule.HoursOfMonth), Confidence(host.Days),
            $"No hour of {hours} watched had a GPU above {host.Gpus.Max(gpu => gpu.PeakUtil):0.##} % of use.");
    }

    /// <summary>The longest row of hours of the day, over midnight too, in which the host is nearly always idle.</summary>
    private static Recommendation? Nights(HostUse host)
    {
        if (host.Days < FewestDays) return null;
        bool IsQuiet(int hour) => host.QuietHours.TryGetValue(hour % 24, out var seen) && seen.Watched >= FewestDays && seen.Quiet >= seen.Watched * QuietShare;
        var (start, length) = (0, 0);
        for (var from = 0; from < 24; from++)
        {
            var run = 0;
            while (run < 24 && IsQuiet(from + run)) run++;
            if (run > length) (start, length) = (from, run);
        }
        if (length is < FewestNightHours or 24) return null;
        var (watched, quiet) = Enumerable.Range(start, length).Select(hour => host.QuietHours[hour % 24]).Aggregate((Watched: 0, Quiet: 0), (sum, hour) => (sum.Watched + hour.Watched, sum.Quiet + hour.Quiet));
        return new("schedule_shutdown", host.AgentId, host.Hostname, null, $"Shut the host down from {start:00}:00 to {(start + length) % 24:00}:00 UTC each day.",
            Month(host.Gpus.Sum(gpu => gpu.RateMicros), length * DaysOfMonth), Confidence(host.Days), $"In {quiet} of {watched} such hours on {host.Days} days every GPU stayed below {IdlePercent:0} % of use.");
    }

    /// <summary>Fewer GPUs would do the same work, by their busiest hours and their memory.</summary>
    private static Recommendation? Consolidated(HostUse host)
    {
        var whole = host.Gpus.Where(gpu => !gpu.Part && gpu.Hours >= FewestHours).OrderByDescending(gpu => gpu.PeakUtil).ToArray();
        if (whole.Length < 2 || whole.Any(gpu => gpu.Util >= UnderUsedPercent)) return null;
        if (whole.Select(gpu => gpu.GpuName).Distinct(StringComparer.Ordinal).Count() > 1) return null; // unlike cards do unlike work
        var memory = whole.Min(gpu => gpu.MemTotal);
        var needed = (int)Math.Ceiling(Math.Max(whole.Sum(gpu => gpu.PeakUtil) / PackedBelow, memory == 0 ? whole.Length : (decimal)whole.Sum(gpu => gpu.MemPeak) / memory));
        needed = Math.Max(1, needed);
        if (needed >= whole.Length) return null;
        var freed = whole.OrderBy(gpu => gpu.RateMicros).Take(whole.Length - needed).ToArray();
        return new("consolidate", host.AgentId, host.Hostname, null, $"Run this host's work on {needed} instead of {whole.Length} GPUs.", Month(freed.Sum(gpu => gpu.RateMicros), SavingsRule.HoursOfMonth),
            Lower(Confidence(host.Days)), $"The busiest hours of {whole.Length} GPUs sum to {whole.Sum(gpu => gpu.PeakUtil):0.##} %, their memory to {whole.Sum(gpu => gpu.MemPeak)} of {whole.Sum(gpu => gpu.MemTotal)} MiB.");
    }

    /// <summary>What several GPUs do fits on the instances of fewer, each as large as its work's busiest hour and memory need. Looks at what is known of cards that can be split.</summary>
    private Recommendation? Split(HostUse host)
    {
        var whole = host.Gpus.Where(gpu => !gpu.Part && gpu.Hours >= FewestHours).ToArray();
        if (whole.Length < 2 || whole.Length < host.Gpus.Count || whole.Select(gpu => gpu.GpuName).Distinct(StringComparer.Ordinal).Count() > 1) return null;
        if (!whole.All(gpu => MigProfile.IsOffered(PriceBook.CardOf(gpu.GpuName, gpu.MemTotal)))) return null;
        var profiles = whole.Select(gpu => MigProfile.For(gpu.PeakUtil / PackedBelow, gpu.MemTotal == 0 ? 1 : gpu.MemPeak * options.MemoryHeadroom / gpu.MemTotal)).OfType<MigProfile>().ToArray();
        if (profiles.Length < whole.Length) return null; // one of them needs more than a part
        var needed = MigProfile.Pack(profiles);
        if (needed >= whole.Length) return null;
        var freed = whole.OrderBy(gpu => gpu.RateMicros).Take(whole.Length - needed).ToArray();
        var parts = string.Join(", ", profiles.GroupBy(profile => profile.Name).OrderBy(group => group.Key, StringComparer.Ordinal).Select(group => $"{group.Count()} × {group.Key}"));
        return new("mig_split", host.AgentId, host.Hostname, null, $"Split {(needed == 1 ? "one GPU" : $"{needed} GPUs")} by MIG into {parts}, and run there what {whole.Length} GPUs do.",
            Month(freed.Sum(gpu => gpu.RateMicros), SavingsRule.HoursOfMonth), Lower(Confidence(host.Days)),
            $"The busiest hour of any GPU had {whole.Max(gpu => gpu.PeakUtil):0.##} % of use, and the most memory used was {whole.Max(gpu => gpu.MemPeak)} of {whole[0].MemTotal} MiB; each part holds its GPU's busiest hour.");
    }

    private Recommendation? OnSpot(HostUse host)
    {
        if (host.Spot || host.Gpus.Any(gpu => gpu.Util >= UnderUsedPercent)) return null; // who works all day should not be interrupted
        var gpu = host.Gpus[0];
        if (prices.Find(host.Provider, host.Region, host.InstanceType, gpu.GpuName, gpu.Part ? 0 : gpu.MemTotal) is not { Spot: { } spot } line) return null;
        if (spot >= line.OnDemand || line.SpotSince < today.AddDays(-options.SpotDays)) return null; // nothing to save, or too old to promise by
        var saved = host.Gpus.Sum(use => SavedOnSpot(use, line));
        return saved <= 0 ? null : new("spot", host.AgentId, host.Hostname, null, $"Run {line.InstanceType} as a spot instance.", Month(saved, SavingsRule.HoursOfMonth), "low",
            $"Spot was {spot:0.####} instead of {line.OnDemand:0.####} USD an hour in {line.Region}, by {line.SpotSource}: not older than {line.SpotSince:yyyy-MM-dd}, read on {line.ReadOn:yyyy-MM-dd}; "
            + $"the GPUs are used by {host.Gpus.Average(use => use.Util):0.##} %, so an interruption costs little.");
    }

    /// <summary>Less than by the list where the host pays less than the list says; a part of a GPU saves its part of the memory.</summary>
    private static long SavedOnSpot(GpuUse use, PriceLine line)
    {
        long Share(long micros) => use.Part && use.MemTotal < line.MemoryMib ? (long)((Int128)micros * use.MemTotal / line.MemoryMib) : micros;
        return Math.Min(use.RateMicros, Share(line.PerGpuMicros(spot: false))) - Share(line.PerGpuMicros(spot: true));
    }

    /// <summary>Cheaper cards that hold what was done, each at its own speed. Machines are given back as a whole: of one with several GPUs all must fit, and on whole machines.</summary>
    private IReadOnlyList<Recommendation> Smaller(HostUse host)
    {
        if (prices.Find(host.Provider, host.Region, host.InstanceType, "", 0) is { } own && own.Gpus > host.Gpus.Count) return []; // what its other GPUs do is not known
        var found = host.Gpus.Select(gpu => (Gpu: gpu, Line: SmallerFor(host, gpu))).ToArray();
        if (found.Any(one => one.Line is null) || found.GroupBy(one => one.Line).Any(group => group.Count() % group.Key!.Gpus != 0)) return [];
        return [.. found.Select(one => new Recommendation(
            "smaller_gpu", host.AgentId, host.Hostname, one.Gpu.GpuIndex, $"Take a {one.Line!.Gpu} ({one.Line.InstanceType}) instead of a {one.Gpu.GpuName}.",
            Month(one.Gpu.RateMicros - one.Line.PerGpuMicros(false), SavingsRule.HoursOfMonth), Lower(Confidence(host.Days)),
            $"At most {one.Gpu.MemPeak} of {one.Gpu.MemTotal} MiB were used, and no hour had more than {one.Gpu.PeakUtil:0.##} % of use; a {one.Line.Gpu} has {one.Line.MemoryMib} MiB, "
            + $"and by its data sheet takes at most {Slowdown(one.Gpu, one.Line):0.#} times as long."))];
    }

    /// <returns>The cheapest line; null: none is cheaper, large and fast enough, or it is not known.</returns>
    private PriceLine? SmallerFor(HostUse host, GpuUse gpu)
    {
        if (gpu.Part || gpu.Hours < FewestHours || gpu.MemTotal == 0 || gpu.PeakUtil < IdlePercent) return null;
        return prices.Lines.Where(line => line.Provider == host.Provider && line.Gpus <= host.Gpus.Count && line.MemoryMib >= gpu.MemPeak * options.MemoryHeadroom && line.MemoryMib < gpu.MemTotal
                && gpu.PeakUtil * Slowdown(gpu, line) < PackedBelow && line.PerGpuMicros(false) < gpu.RateMicros)
            .MinBy(line => line.PerGpuMicros(false));
    }

    private static decimal? Slowdown(GpuUse gpu, PriceLine line) => PriceBook.CardOf(gpu.GpuName, gpu.MemTotal) is { } card && card != line.Gpu ? CardSpeed.Slowdown(card, line.Gpu) : null;

    private static decimal Month(long micros, int hours) => decimal.Round((decimal)micros * hours / Money.MicrosPerUnit, 2, MidpointRounding.ToEven);

    private static string Confidence(int days) => days >= 14 ? "high" : days >= 7 ? "medium" : "low";

    private static string Lower(string confidence) => confidence == "high" ? "medium" : "low";
}
