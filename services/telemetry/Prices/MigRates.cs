using System.Text.RegularExpressions;
using Empire.Contracts.V1;
using Empire.Telemetry.Settling;

namespace Empire.Telemetry.Prices;

/// <summary>Divides the price of a GPU that is split by MIG among its instances, and leaves what no instance has with the GPU itself: together they cost what the GPU costs, to the
/// millionth. An instance's share is the greater of its compute and its memory slices, since what it has of one nobody else can use the other with.</summary>
internal static partial class MigRates
{
    /// <summary>A whole GPU; divides by 7 and 4 (compute slices) and by 8 (memory slices).</summary>
    public const long Whole = 8_400_000;

    /// <param name="wholeRate">What the GPU costs, of the sample that stands for it: US dollars an hour in millionths.</param>
    /// <returns>Rates by the sample's place in the batch, of GPUs that are split and their instances of the same moment; null where no GPU is.</returns>
    public static Dictionary<int, long>? Of(SampleBatch batch, Func<Sample, long> wholeRate)
    {
        Dictionary<(int, long), List<int>>? split = null;
        for (var i = 0; i < batch.Samples.Count; i++)
            if (batch.Samples[i].MigEnabled) (split ??= [])[(batch.Samples[i].GpuIndex, batch.Samples[i].ObservedAtMs)] = [i];
        if (split is null) return null;
        for (var i = 0; i < batch.Samples.Count; i++)
            if (batch.Samples[i].HasMigInstance && split.TryGetValue((batch.Samples[i].GpuIndex, batch.Samples[i].ObservedAtMs), out var group)) group.Add(i);
        var rates = new Dictionary<int, long>();
        foreach (var group in split.Values) Divide(batch, group, wholeRate(batch.Samples[group[0]]), rates);
        return rates;
    }

    /// <summary>An instance whose host names its price keeps it; the others share what is left.</summary>
    private static void Divide(SampleBatch batch, List<int> group, long rate, Dictionary<int, long> rates)
    {
        var whole = batch.Samples[group[0]];
        var (named, weights) = (0L, new long[group.Count]);
        for (var i = 1; i < group.Count; i++)
        {
            weights[i] = ShareOf(batch.Samples[group[i]], whole);
            if (batch.Samples[group[i]].CostPerHour is { } own) named += own.Micros;
        }
        weights[0] = Math.Max(0, Whole - weights.Sum());
        for (var i = 1; i < group.Count; i++)
            if (batch.Samples[group[i]].CostPerHour is not null) weights[i] = 0;
        var left = Math.Max(0, rate - named);
        var parts = weights.Any(weight => weight > 0) ? JobShares.Split(left, weights) : [left, .. new long[group.Count - 1]];
        for (var i = 0; i < group.Count; i++) rates[group[i]] = i > 0 && batch.Samples[group[i]].CostPerHour is { } own ? own.Micros : parts[i];
    }

    private static long ShareOf(Sample part, Sample whole)
    {
        var memory = MemoryShare(part.MemTotal, whole.MemTotal);
        if (ComputeOf(part.GpuName) is not { } compute) return memory;
        // A compute instance within a GPU instance ("1c.3g.20gb") shows the memory of all of it.
        return Profile().Match(part.GpuName).Groups["compute"].Success ? compute : Math.Max(memory, compute);
    }

    /// <summary>An instance's part of the GPU's memory, where <see cref="Whole"/> is all of it.</summary>
    /// <param name="of">The GPU's; 0 or less: not known.</param>
    public static long MemoryShare(long memory, long of) => of > 0 && memory > 0 ? (long)Int128.Min(Whole, (Int128)Whole * memory / of) : 0;

    /// <summary>An instance's part of the GPU's compute slices, where <see cref="Whole"/> is all of them; null: its name does not say.</summary>
    public static long? ComputeOf(string gpuName)
    {
        if (Profile().Match(gpuName) is not { Success: true } profile) return null;
        var slice = Whole / (gpuName.Contains("A30", StringComparison.Ordinal) ? 4 : 7);
        return slice * int.Parse((profile.Groups["compute"] is { Success: true } compute ? compute : profile.Groups["slices"]).ValueSpan);
    }

    /// <summary>How the driver names an instance: "NVIDIA A100-SXM4-40GB MIG 1g.5gb".</summary>
    [GeneratedRegex(@"MIG (?:(?<compute>[1-7])c\.)?(?<slices>[1-7])g\.", RegexOptions.ExplicitCapture)]
    private static partial Regex Profile();
}
