using Empire.Contracts.V1;
using Empire.Telemetry.Prices;
using Empire.Telemetry.Savings;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Tests.Savings;

public sealed class MigTests
{
    private static readonly PriceBook Prices = new(Options.Create(new PriceOptions()));

    [Fact]
    public void Seven_smallest_instances_cost_what_the_gpu_does_and_leave_nothing() =>
        Assert.Equal([0, .. Enumerable.Repeat(1_000_000L, 7)], Divided(7_000_000, [.. Enumerable.Repeat(("1g.5gb", 4_864), 7)]));

    [Fact]
    public void What_no_instance_has_stays_with_the_gpu()
    {
        Assert.Equal([2_500_000, 3_500_000, 1_000_000], Divided(7_000_000, ("3g.20gb", 20_480), ("1g.5gb", 4_864))); // a half by its memory, a seventh by its compute
        Assert.Equal([7_000_000], Divided(7_000_000));
    }

    [Fact]
    public void Instances_that_overlap_in_their_greater_shares_sum_to_the_gpu_all_the_same()
    {
        var rates = Divided(7_000_001, ("4g.20gb", 20_096), ("3g.20gb", 20_096));
        Assert.Equal((7_000_001, 0), (rates.Sum(), rates[0]));
    }

    [Fact]
    public void A_named_price_is_kept_and_the_rest_is_shared()
    {
        var batch = Batch(("1g.5gb", 4_864), ("1g.5gb", 4_864));
        batch.Samples[1].CostPerHour = new() { Micros = 500_000, Currency = "USD" };
        var rates = MigRates.Of(batch, _ => 7_000_000)!;
        Assert.Equal((500_000, 7_000_000), (rates[1], rates.Values.Sum()));
    }

    [Fact]
    public void A_batch_without_split_gpus_has_no_rates_of_its_own() => Assert.Null(MigRates.Of(new() { Samples = { new Sample { MigInstance = 3 } } }, _ => 1));

    [Fact]
    public void Four_gpus_of_little_work_become_parts_of_one()
    {
        var advice = Assert.Single(For(Host([.. Enumerable.Range(0, 4).Select(i => Gpu(i, util: 8, peak: i == 0 ? 11.4m : 9, memory: 4_000))])));
        Assert.Equal(("mig_split", "medium"), (advice.Kind, advice.Confidence));
        Assert.Contains("Split one GPU by MIG into 4 × 1g", advice.Action, StringComparison.Ordinal);
        Assert.Equal(decimal.Round(3 * 3.673385m * 720, 2), advice.MonthlySavings);
    }

    [Fact]
    public void Parts_too_large_for_fewer_gpus_are_not_advised() =>
        Assert.DoesNotContain(For(Host([.. Enumerable.Range(0, 2).Select(i => Gpu(i, util: 40, peak: 45, memory: 30_000))])), advice => advice.Kind == "mig_split");

    private static IReadOnlyList<Recommendation> For(HostUse host) => new Advice(Prices, new(), new(2026, 11, 21)).For([host]);

    private static HostUse Host(params GpuUse[] gpus) => new(Guid.CreateVersion7(), "h", "gcp", "us-central1", "", true, 14, gpus, Enumerable.Range(0, 24).ToDictionary(hour => hour, _ => (14, 0)));

    private static GpuUse Gpu(int index, decimal util, decimal peak, long memory) => new(Guid.Empty, index, false, "NVIDIA A100-SXM4-40GB", util, peak, memory, 40_960, 300, 3_673_385);

    private static long[] Divided(long rate, params (string Profile, int Memory)[] parts) => [.. MigRates.Of(Batch(parts), _ => rate)!.OrderBy(rate => rate.Key).Select(rate => rate.Value)];

    private static SampleBatch Batch(params (string Profile, int Memory)[] parts)
    {
        var batch = new SampleBatch { Samples = { new Sample { GpuIndex = 0, ObservedAtMs = 1, MemTotal = 40_960, GpuName = "NVIDIA A100-SXM4-40GB", MigEnabled = true } } };
        foreach (var (part, i) in parts.Select((part, i) => (part, i)))
            batch.Samples.Add(new Sample { GpuIndex = 0, ObservedAtMs = 1, MemTotal = part.Memory, GpuName = $"NVIDIA A100-SXM4-40GB MIG {part.Profile}", MigInstance = (uint)(i + 1) });
        return batch;
    }
}
