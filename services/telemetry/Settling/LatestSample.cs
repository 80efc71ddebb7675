using Empire.Telemetry.Storage;

namespace Empire.Telemetry.Settling;

/// <summary>The last sample of a series, in the units of the API; null: not known.</summary>
/// <param name="MemUsed">MiB.</param>
/// <param name="Power">W.</param>
/// <param name="Energy">J, a counter.</param>
internal sealed record LatestSample(
    decimal? GpuUtil, decimal? MemUtil, long MemUsed, long MemTotal, long? Temperature, decimal? Power, long? Energy, long? SmClock, long? MemClock, long? ThrottleReasons, long? EccCorrected,
    long? EccUncorrected, long? Xid, long? PcieRx, long? PcieTx, string? JobId)
{
    public static LatestSample Of(GpuBlock block, int i) => new(
        Known(Metric.GpuUtil, block, i) / 100m, Known(Metric.MemUtil, block, i) / 100m, Known(Metric.MemUsed, block, i) ?? 0, Known(Metric.MemTotal, block, i) ?? 0,
        Known(Metric.Temperature, block, i), Known(Metric.Power, block, i) / 10m, Known(Metric.Energy, block, i), Known(Metric.SmClock, block, i), Known(Metric.MemClock, block, i),
        Known(Metric.ThrottleReasons, block, i), Known(Metric.EccCorrected, block, i), Known(Metric.EccUncorrected, block, i), Known(Metric.Xid, block, i), Known(Metric.PcieRx, block, i),
        Known(Metric.PcieTx, block, i), block.JobOf(i) is { Length: > 0 } job ? job : null);

    private static long? Known(Metric metric, GpuBlock block, int i) => block[metric, i] is not Metrics.Unknown and var value ? value : null;
}
