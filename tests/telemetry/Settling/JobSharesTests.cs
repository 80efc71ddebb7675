using Empire.Telemetry.Settling;
using Empire.Telemetry.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace Empire.Telemetry.Tests.Settling;

public sealed class JobSharesTests
{
    private static readonly Gen<(long Total, long[] Weights)> Splits =
        from total in ArbMap.Default.GeneratorFor<long>()
        from count in Gen.Choose(1, 20)
        from weights in Gen.ArrayOf(Gen.Choose(0, int.MaxValue), count)
        where weights.Any(weight => weight > 0)
        select (total == long.MinValue ? 0 : Math.Abs(total), weights.Select(weight => (long)weight).ToArray());

    [Fact]
    public void Parts_sum_to_the_whole_and_none_is_off_by_a_unit() => Prop.ForAll(Splits.ToArbitrary(), split =>
    {
        var parts = JobShares.Split(split.Total, split.Weights);
        var sum = split.Weights.Aggregate(Int128.Zero, (all, weight) => all + weight);
        return parts.Sum() == split.Total && parts.Index().All(part => Int128.Abs((Int128)part.Item * sum - (Int128)split.Total * split.Weights[part.Index]) < sum);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(2_000));

    [Fact]
    public void Jobs_share_by_their_SM_time_and_the_rest_is_nobodys()
    {
        Assert.Equal([("", 6_000), ("a", 3_000), ("b", 1_000)], JobShares.Of("", [new(1, "x", null, 3_000, "a"), new(2, "y", null, 1_000, "b"), new(3, "z", null, 500, "")]));
        Assert.Equal([("a", 10_000)], JobShares.Of("a", []));
        Assert.Equal([("", 10_000)], JobShares.Of("", [new(1, "x", null, null, "a")]));
        Assert.Equal([("a", 9_000), ("b", 9_000)], JobShares.Of("", [new(1, "x", null, 9_000, "a"), new(2, "y", null, 9_000, "b")])); // drivers round up
        Assert.Equal([("a", 4_000), ("whole", 6_000)], JobShares.Of("whole", [new(1, "x", null, 4_000, "a")]));
    }

    [Fact]
    public void What_jobs_and_nobody_had_is_what_the_gpu_cost() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        var meter = new GpuMeter(new(), TimeSpan.FromSeconds(10), new());
        var block = new GpuBlock(16);
        var time = 1_780_000_000_000L;
        for (var i = 0; i < 100; i++)
        {
            var at = block.Add(time += random.Next(1, 60_000));
            block.Set(Metric.GpuUtil, at, random.Next(10_001));
            block.Set(Metric.Rate, at, random.Next(0, 12_000_000));
            block.Set(Metric.Power, at, random.Next(4_000));
            block.SetJob(at, random.Next(2) == 0 ? "" : "whole");
            block.SetProcesses(at, [.. Enumerable.Range(0, random.Next(5)).Select(p => new ProcessReading((uint)p, "p", null, random.Next(6_000), $"job{random.Next(3)}"))]);
        }
        meter.Read(block);
        return meter.Jobs.Values.Sum(job => job.CostMicroMs) == meter.Minutes.Values.Sum(minute => minute.CostMicroMs)
            && meter.Jobs.Values.Sum(job => job.Ms) == meter.Minutes.Values.Sum(minute => minute.Ms)
            && meter.Jobs.Values.Sum(job => job.EnergyMj) == meter.Minutes.Values.Sum(minute => minute.EnergyMj);
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(300));
}
