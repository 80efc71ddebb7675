using Empire.Telemetry.Settling;
using Empire.Telemetry.Storage;
using FsCheck;
using FsCheck.Fluent;

namespace Empire.Telemetry.Tests.Settling;

public sealed class MigEnergyTests
{
    private const string Card = "NVIDIA H100 80GB HBM3 MIG ";

    [Fact]
    public void An_instance_has_its_slices_times_its_use_and_the_rest_is_nobodys() =>
        Assert.Equal([2_100_000, 700_000, 0, 2_100_000], Divided(4_900_000, ("3g.40gb", 10_000, ""), ("2g.20gb", 5_000, ""), ("1g.10gb", 0, "")));

    [Fact]
    public void One_that_does_not_tell_its_use_counts_by_whether_somebody_has_it() =>
        Assert.Equal([300_000, 0, 400_000], Divided(700_000, ("3g.40gb", Metrics.Unknown, "training"), ("1g.10gb", Metrics.Unknown, "")));

    [Fact]
    public void A_compute_instance_has_its_own_slices_and_a_name_without_a_profile_its_memory()
    {
        Assert.Equal([100_000, 600_000], Divided(700_000, ("1c.3g.40gb", 10_000, "")));
        var (whole, part) = (Block(1, (0, 0, 80_000, "")), Block(1, (0, 10_000, 20_000, "")));
        Assert.Equal(750_000, new MigEnergy(whole, [("a part", part)]).Divide(0, 1_000_000));
    }

    [Fact]
    public void Instances_of_another_moment_have_nothing_of_it()
    {
        var (whole, part) = (Block(2, (1_000, 0, 80_000, ""), (2_000, 0, 80_000, "")), Block(1, (2_000, 10_000, 80_000, "")));
        var split = new MigEnergy(whole, [(Card + "7g.80gb", part)]);
        Assert.Equal((500, 0, 300), (split.Divide(0, 500), split.Divide(1, 300), split.Of(0)[0]));
    }

    [Fact]
    public void Whatever_the_instances_are_they_and_what_is_left_sum_to_what_was_measured() => Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed =>
    {
        var random = new Random(seed);
        string[] profiles = ["1g.10gb", "2g.20gb", "3g.40gb", "4g.40gb", "7g.80gb", "1c.4g.40gb", "no profile"];
        var whole = Block(20, Samples(random, 20, job: false));
        var parts = Enumerable.Range(0, random.Next(9)).Select(_ => (Card + profiles[random.Next(profiles.Length)], Block(20, Samples(random, random.Next(1, 21), job: true)))).ToArray();
        var split = new MigEnergy(whole, parts);
        var (measured, left) = (0L, 0L);
        for (var i = 0; i < whole.Count; i++)
        {
            var energy = random.Next(3) == 0 ? random.Next(10) : random.NextInt64(1L << random.Next(1, 50));
            (measured, left) = (measured + energy, left + split.Divide(i, energy));
        }
        return left >= 0 && measured == left + Enumerable.Range(0, parts.Length).Sum(i => split.Of(i).Sum());
    }).Check(Config.QuickThrowOnFailure.WithMaxTest(500));

    private static (long, long, long, string)[] Samples(Random random, int count, bool job) =>
        [.. Enumerable.Range(0, count).Select(_ => ((long)random.Next(15), random.Next(4) == 0 ? Metrics.Unknown : random.Next(10_001), 1_000L * random.Next(100), job && random.Next(2) == 0 ? "job" : "")).OrderBy(sample => sample.Item1)];

    /// <returns>What each instance has, and what is left.</returns>
    private static long[] Divided(long energy, params (string Profile, long Use, string Job)[] parts)
    {
        var split = new MigEnergy(Block(1, (0, Metrics.Unknown, 80_000, "")), [.. parts.Select(part => (Card + part.Profile, Block(1, (0, part.Use, 10_000, part.Job))))]);
        var left = split.Divide(0, energy);
        return [.. Enumerable.Range(0, parts.Length).Select(i => split.Of(i)[0]), left];
    }

    private static GpuBlock Block(int capacity, params (long Time, long Use, long Memory, string Job)[] samples)
    {
        var block = new GpuBlock(capacity);
        foreach (var (time, use, memory, job) in samples)
        {
            var at = block.Add(time);
            if (use != Metrics.Unknown) block.Set(Metric.GpuUtil, at, use);
            block.Set(Metric.MemTotal, at, memory);
            block.SetJob(at, job);
        }
        return block;
    }
}
