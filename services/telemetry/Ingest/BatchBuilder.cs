using Empire.Contracts.V1;
using Empire.Telemetry.Prices;
using Empire.Telemetry.Storage;

namespace Empire.Telemetry.Ingest;

/// <summary>Which GPU (or part of one) of an agent a sample is of.</summary>
/// <param name="MigInstance">-1: the whole GPU.</param>
internal readonly record struct SeriesKey(int GpuIndex, int MigInstance, string GpuUuid, string GpuName);

/// <summary>Makes columns of a batch that <see cref="SampleRules"/> has passed; of those that the reader of columns left to it, and of what comes as JSON.</summary>
internal static class BatchBuilder
{
    /// <summary>Samples in one row of intake, at most.</summary>
    public const int PartSize = 1_000;

    /// <summary>One entry for each part of the batch: its series, in the order they first appear.</summary>
    public static List<List<(SeriesKey Series, GpuBlock Block)>> Build(SampleBatch batch, HostProfile host, PriceBook prices)
    {
        var parts = new List<List<(SeriesKey, GpuBlock)>>((batch.Samples.Count + PartSize - 1) / PartSize);
        var split = MigRates.Of(batch, whole => RateOf(host, prices, KeyOf(whole), whole));
        var all = new Dictionary<SeriesKey, Series>();
        var cards = new Dictionary<long, Series>(); // looked up by number: the names of a card are compared, not hashed, for each of its samples
        for (var from = 0; from < batch.Samples.Count; from += PartSize)
        {
            var order = new List<(SeriesKey, GpuBlock)>();
            var to = Math.Min(from + PartSize, batch.Samples.Count);
            for (var i = from; i < to; i++)
            {
                var sample = batch.Samples[i];
                var card = ((long)sample.GpuIndex << 32) | (sample.HasMigInstance ? sample.MigInstance : uint.MaxValue);
                if (!cards.TryGetValue(card, out var series) || !series.Is(sample))
                {
                    var key = KeyOf(sample);
                    if (!all.TryGetValue(key, out series)) all[key] = series = new(key);
                    cards[card] = series;
                }
                if (series.Part != parts.Count)
                {
                    (series.Part, series.Block) = (parts.Count, new(Math.Max(1, (to - from) / 8)));
                    order.Add((series.Key, series.Block));
                }
                Add(series.Block, sample, split is not null && split.TryGetValue(i, out var share) ? share : sample.CostPerHour is { } cost ? cost.Micros : series.RateOf(sample, host, prices));
            }
            parts.Add(order);
        }
        return parts;
    }

    private static long RateOf(HostProfile host, PriceBook prices, SeriesKey key, Sample sample) =>
        sample.CostPerHour is { } cost ? cost.Micros : prices.Of(host.Provider, host.Region, host.InstanceType, key.GpuName, sample.MemTotal, host.Spot, key.MigInstance >= 0).Micros;

    private static SeriesKey KeyOf(Sample sample) => new(sample.GpuIndex, sample.HasMigInstance ? (int)sample.MigInstance : -1, sample.GpuUuid, sample.GpuName);

    private static void Add(GpuBlock block, Sample sample, long rate)
    {
        var at = block.Add(sample.ObservedAtMs);
        if (sample.HasGpuUtil && !sample.MigEnabled) block.Set(Metric.GpuUtil, at, Hundredths(sample.GpuUtil));
        if (sample.HasMemUtil) block.Set(Metric.MemUtil, at, Hundredths(sample.MemUtil));
        block.Set(Metric.MemUsed, at, sample.MemUsed);
        block.Set(Metric.MemTotal, at, sample.MemTotal);
        if (sample.HasTemperature) block.Set(Metric.Temperature, at, sample.Temperature);
        if (sample.HasPower) block.Set(Metric.Power, at, (long)Math.Round(sample.Power * 10.0));
        if (sample.HasEnergy) block.Set(Metric.Energy, at, (long)sample.Energy);
        if (sample.HasSmClock) block.Set(Metric.SmClock, at, sample.SmClock);
        if (sample.HasMemClock) block.Set(Metric.MemClock, at, sample.MemClock);
        if (sample.HasThrottleReasons) block.Set(Metric.ThrottleReasons, at, (long)sample.ThrottleReasons);
        if (sample.HasEccCorrected) block.Set(Metric.EccCorrected, at, (long)sample.EccCorrected);
        if (sample.HasEccUncorrected) block.Set(Metric.EccUncorrected, at, (long)sample.EccUncorrected);
        if (sample.HasXid) block.Set(Metric.Xid, at, sample.Xid);
        if (sample.HasPcieRx) block.Set(Metric.PcieRx, at, (long)sample.PcieRx);
        if (sample.HasPcieTx) block.Set(Metric.PcieTx, at, (long)sample.PcieTx);
        block.Set(Metric.Rate, at, rate);
        if (sample.HasSpanMs) block.Set(Metric.Span, at, sample.SpanMs);
        block.SetJob(at, sample.JobId);
        if (sample.Processes.Count == 0) return;
        block.SetProcesses(at, [.. sample.Processes.Select(ReadingOf)]);
    }

    public static ProcessReading ReadingOf(ProcessSample process) => new(process.Pid, process.Name, process.HasMem ? process.Mem : null, process.HasSm ? Hundredths(process.Sm) : null, process.JobId);

    private static long Hundredths(float percent) => (long)Math.Round(percent * 100.0);

    /// <summary>A series while its batch is built.</summary>
    private sealed class Series(SeriesKey key)
    {
        private long? rate;
        private long rateOfMemory;

        public SeriesKey Key => key;

        /// <summary>Where <see cref="Block"/> belongs.</summary>
        public int Part { get; set; } = -1;
        public GpuBlock Block { get; set; } = null!;

        public bool Is(Sample sample) => sample.GpuUuid == key.GpuUuid && sample.GpuName == key.GpuName;

        /// <summary>Its list price, which depends on its memory.</summary>
        public long RateOf(Sample sample, HostProfile host, PriceBook prices)
        {
            if (rate is { } known && rateOfMemory == sample.MemTotal) return known;
            (rate, rateOfMemory) = (BatchBuilder.RateOf(host, prices, key, sample), sample.MemTotal);
            return rate.Value;
        }
    }
}
