using Empire.Telemetry.Prices;
using Empire.Telemetry.Savings;
using Microsoft.Extensions.Options;

namespace Empire.Telemetry.Tests.Savings;

public sealed class AdviceTests
{
    private static readonly PriceBook Prices = new(Options.Create(new PriceOptions()));

    [Fact]
    public void Idle_nights_are_switched_off()
    {
        var advice = Assert.Single(For(Host(days: 14, quiet: [20, 21, 22, 23, 0, 1, 2, 3, 4, 5], Gpu(util: 45, peak: 80))));
        Assert.Equal(("schedule_shutdown", 918.00m, "high"), (advice.Kind, advice.MonthlySavings, advice.Confidence)); // 3.06 × 10 h × 30
        Assert.Contains("from 20:00 to 06:00 UTC", advice.Action, StringComparison.Ordinal);
    }

    [Fact]
    public void Little_memory_and_little_use_take_a_smaller_gpu()
    {
        var advice = Assert.Single(For(Host(days: 7, quiet: [], Gpu(util: 20, peak: 30, memory: 5_000))));
        Assert.Equal(("smaller_gpu", 1824.48m), (advice.Kind, advice.MonthlySavings)); // 3.06 to the T4's 0.526, × 720
        Assert.Contains("T4", advice.Action, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_is_needed_forbids_a_smaller_gpu() => Assert.Empty(For(Host(days: 7, quiet: [], Gpu(util: 20, peak: 30, memory: 13_000))));

    [Fact]
    public void A_host_that_never_works_is_shut_down()
    {
        var advice = Assert.Single(For(Host(days: 7, quiet: [.. Enumerable.Range(0, 24)], Gpu(util: 1, peak: 5))));
        Assert.Equal(("shut_down", 2203.20m, "medium"), (advice.Kind, advice.MonthlySavings, advice.Confidence));
    }

    [Fact]
    public void Four_gpus_that_together_fill_one_become_one()
    {
        var advice = Assert.Single(For(Host(days: 14, quiet: [], [.. Enumerable.Range(0, 4).Select(i => Gpu(util: 10, peak: 19, memory: 3_000, index: i) with { GpuName = "Radeon VII" })])));
        Assert.Equal(("consolidate", 6609.60m, "medium"), (advice.Kind, advice.MonthlySavings, advice.Confidence)); // three of 3.06
    }

    [Fact]
    public void A_busy_fleet_gets_none() =>
        Assert.Empty(For(Host(days: 14, quiet: [], [.. Enumerable.Range(0, 8).Select(i => Gpu(util: 85, peak: 98, index: i))])));

    [Fact]
    public void A_day_is_too_short_to_advise() => Assert.Empty(For(Host(days: 1, quiet: [.. Enumerable.Range(0, 24)], Gpu(util: 1, peak: 5) with { Hours = 12 })));

    [Fact]
    public void Nothing_is_counted_twice() =>
        Assert.Single(For(Host(days: 14, quiet: [.. Enumerable.Range(0, 8)], Gpu(util: 20, peak: 30, memory: 5_000))));

    private static IReadOnlyList<Recommendation> For(HostUse host) => new Advice(Prices, 1.2m).For([host]);

    private static HostUse Host(int days, int[] quiet, params GpuUse[] gpus) => new(Guid.CreateVersion7(), "h", "aws", "us-east-1", "p3.2xlarge", false, days, gpus,
        Enumerable.Range(0, 24).ToDictionary(hour => hour, hour => (days, quiet.Contains(hour) ? days : 0)));

    private static GpuUse Gpu(decimal util, decimal peak, long memory = 14_000, int index = 0) => new(Guid.Empty, index, false, "Tesla V100-SXM2-16GB", util, peak, memory, 16_384, 200, 3_060_000);
}
