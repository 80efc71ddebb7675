using Empire.Telemetry.Prices;
using Empire.Telemetry.Storage;

namespace Empire.Telemetry.Settling;

/// <summary>Divides the energy that was measured of a GPU among its MIG instances, moment by moment: each has its share of the GPU's compute slices times how much of it was in use. What is left was nobody's and stays with the
/// GPU, so that together they have what was measured, to the millijoule. Where the driver does not tell how much an instance is used, one that has a job or a process counts as used, and another as not.</summary>
/// <param name="instances">Of this GPU, with their names as the driver writes them.</param>
internal sealed class MigEnergy(GpuBlock whole, IReadOnlyList<(string GpuName, GpuBlock Block)> instances)
{
    private const long AllOfIt = 10_000; // hundredths of a percent

    private readonly Part[] parts = [.. instances.Select(instance => new Part(instance.GpuName, instance.Block))];

    /// <summary>What an instance has by now, in millijoules by its sample.</summary>
    public long[] Of(int instance) => parts[instance].Given;

    /// <summary>Gives the instances of the same moment what is theirs.</summary>
    /// <param name="sample">Of the GPU.</param>
    /// <param name="energyMj">What was measured since the sample before; not negative.</param>
    /// <returns>What stays with the GPU.</returns>
    public long Divide(int sample, long energyMj)
    {
        if (energyMj == 0) return 0;
        var weights = new long[parts.Length + 1];
        var used = Int128.Zero;
        for (var i = 0; i < parts.Length; i++) used += weights[i] = parts[i].WeightAt(whole.Times[sample], whole[Metric.MemTotal, sample]);
        weights[^1] = (long)Int128.Max(0, (Int128)MigRates.Whole * AllOfIt - used);
        var shares = JobShares.Split(energyMj, weights);
        for (var i = 0; i < parts.Length; i++)
            if (shares[i] > 0) parts[i].Give(whole.Times[sample], shares[i]);
        return shares[^1];
    }

    private sealed class Part
    {
        private readonly GpuBlock block;
        private readonly long? slices;
        private readonly Dictionary<long, int> byTime;

        public Part(string gpuName, GpuBlock block)
        {
            (this.block, slices, Given, byTime) = (block, MigRates.ComputeOf(gpuName), new long[block.Count], new(block.Count));
            for (var i = 0; i < block.Count; i++) byTime[block.Times[i]] = i; // of two samples of one moment the last
        }

        public long[] Given { get; }

        public long WeightAt(long time, long memoryOfGpu)
        {
            if (!byTime.TryGetValue(time, out var i)) return 0;
            var share = slices ?? MigRates.MemoryShare(block[Metric.MemTotal, i], memoryOfGpu);
            var activity = block[Metric.GpuUtil, i] is not Metrics.Unknown and var told ? told : block.JobOf(i).Length > 0 || block.ProcessesOf(i).Count > 0 ? AllOfIt : 0;
            return share * activity;
        }

        public void Give(long time, long energyMj) => Given[byTime[time]] += energyMj;
    }
}
