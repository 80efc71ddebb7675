using System.Globalization;
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
        var advice = Assert.Single(For(Host(days: 7, quiet: [], Gpu(util: 20, peak: 26, memory: 5_000))));
        Assert.Equal(("smaller_gpu", 1824.48m), (advice.Kind, advice.MonthlySavings)); // 3.06 to the T4's 0.526, × 720
        Assert.Contains("T4", advice.Action, StringComparison.Ordinal);
    }

    [Fact]
    public void Memory_that_is_needed_forbids_a_smaller_gpu() => Assert.Empty(For(Host(days: 7, quiet: [], Gpu(util: 20, peak: 26, memory: 13_000))));

    [Fact]
    public void A_card_that_would_be_too_slow_is_no_smaller_gpu()
    {
        Assert.Empty(For(Host(days: 7, quiet: [], Gpu(util: 20, peak: 27, memory: 5_000)))); // a T4 has a third of a V100's memory bandwidth: 81 %
        var h100 = new GpuUse(Guid.Empty, 0, false, "NVIDIA H100 80GB HBM3", 30, 39, 10_000, 81_559, 200, 11_061_200);
        var gcp = Host(days: 7, quiet: [], h100) with { Provider = "gcp", Region = "us-central1", InstanceType = "a3-highgpu-1g" };
        Assert.Empty(For(gcp));
        Assert.Contains("a A100-40 ", Assert.Single(For(gcp with { Gpus = [h100 with { PeakUtil = 25 }] })).Action, StringComparison.Ordinal); // 3.17 times: 79 %
    }

    [Fact]
    public void A_machine_with_several_gpus_is_given_up_for_smaller_ones_only_where_all_of_them_fit()
    {
        GpuUse Of(int index, decimal peak) => Gpu(util: 20, peak, memory: 5_000, index) with { GpuName = "NVIDIA A10G", MemTotal = 23_028, RateMicros = 2_036_000 };
        var eight = Host(days: 7, quiet: [], [.. Enumerable.Range(0, 8).Select(i => Of(i, peak: 38))]) with { InstanceType = "g5.48xlarge" };
        var all = For(eight).Where(one => one.Kind == "smaller_gpu").ToArray();
        Assert.Equal(Enumerable.Range(0, 8).Select(i => (int?)i), all.Select(one => one.GpuIndex).Order());
        Assert.DoesNotContain(For(eight with { Gpus = [.. eight.Gpus.Skip(1), Of(0, peak: 60)] }), one => one.Kind == "smaller_gpu"); // one of them works too much for a T4
        Assert.DoesNotContain(For(eight with { Gpus = [eight.Gpus[0]] }), one => one.Kind == "smaller_gpu");                          // of seven nothing is known
    }

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
        Assert.Single(For(Host(days: 14, quiet: [.. Enumerable.Range(0, 8)], Gpu(util: 20, peak: 26, memory: 5_000))));

    [Theory]
    [InlineData("aws", "us-east-1", "p3.2xlarge", "1932.19", "in us-east-1, by skypilot-catalog v9 (G): not older than 2026-01-22, read on 2026-11-21")] // (3.06 - 0.3764) × 720
    [InlineData("gcp", "us-central1", "n1-v100", "897.26", "in us-central1, by skypilot-catalog v9 (G): not older than 2026-01-22, read on 2026-11-21")]  // (2.48 - 1.2338) × 720
    public void A_host_that_works_little_may_be_spot_and_is_told_by_what_price(string provider, string region, string type, string saved, string evidence)
    {
        var advice = Assert.Single(For(Little with { Provider = provider, Region = region, InstanceType = type }));
        Assert.Equal(("spot", saved, "low"), (advice.Kind, advice.MonthlySavings.ToString(CultureInfo.InvariantCulture), advice.Confidence));
        Assert.Contains(evidence, advice.Evidence, StringComparison.Ordinal);
    }

    [Fact]
    public void A_spot_price_that_may_be_too_old_promises_nothing_unless_it_is_allowed_to()
    {
        var host = Little with { Provider = "azure", Region = "eastus", InstanceType = "Standard_ND96amsr_A100_v4", Gpus = [.. Enumerable.Range(0, 8).Select(i => Eighty(i, 4_096_250))] };
        Assert.DoesNotContain(For(host), advice => advice.Kind == "spot");
        var advice = Assert.Single(new Advice(Prices, new() { SpotDays = 1000 }, Today).For([host]));
        Assert.Equal(("spot", 20_999.01m), (advice.Kind, advice.MonthlySavings)); // (32.77 - 3.6047) × 720
        Assert.Contains("by skypilot-catalog v6 (H): not older than 2024-05-29", advice.Evidence, StringComparison.Ordinal);
        Assert.Empty(For(Little, Today.AddDays(365)));
    }

    [Theory]
    [InlineData("3.06")]
    [InlineData("3.50")]
    public void A_spot_price_that_is_no_lower_is_no_advice(string spot) =>
        Assert.Empty(new Advice(PriceBookTests.OwnBook($"aws,us-east-1,p3.2xlarge,V100,1,16384,3.06,{spot},2026-11-01,own"), new(), Today).For([Little]));

    [Fact]
    public void Who_pays_less_than_the_list_saves_less()
    {
        Assert.Equal(449.21m, Assert.Single(For(Little with { Gpus = [Gpu(util: 20, peak: 50) with { RateMicros = 1_000_300 }] })).MonthlySavings); // (1.0003 - 0.3764) × 720
        Assert.Empty(For(Little with { Gpus = [Gpu(util: 20, peak: 50) with { RateMicros = 300_000 }] }));
    }

    [Fact]
    public void Parts_of_a_gpu_do_not_save_more_than_the_gpu()
    {
        var parts = Enumerable.Range(0, 7).Select(i => Eighty(i, 10_240 * 3_430_875L / 81_920) with { Part = true, MemTotal = 10_240 }).ToArray();
        var advice = Assert.Single(For(Little with { InstanceType = "p4de.24xlarge", Gpus = parts }), one => one.Kind == "spot");
        Assert.InRange(advice.MonthlySavings, 575m, 577m); // seven eighths of (27.447 - 20.128) ÷ 8 × 720
    }

    private static readonly DateOnly Today = new(2026, 11, 21);

    /// <summary>Works a little at all hours: an interruption costs it little, and nothing else is to be saved.</summary>
    private static readonly HostUse Little = Host(days: 14, quiet: [], Gpu(util: 20, peak: 50)) with { Spot = false };

    private static IReadOnlyList<Recommendation> For(HostUse host) => For(host, Today);

    private static IReadOnlyList<Recommendation> For(HostUse host, DateOnly today) => new Advice(Prices, new(), today).For([host]);

    private static GpuUse Eighty(int index, long rate) => new(Guid.Empty, index, false, "NVIDIA A100-SXM4-80GB", 20, 90, 70_000, 81_920, 200, rate);

    /// <summary>A spot host already: what it is told is of its use.</summary>
    private static HostUse Host(int days, int[] quiet, params GpuUse[] gpus) => new(Guid.CreateVersion7(), "h", "aws", "us-east-1", "p3.2xlarge", true, days, gpus,
        Enumerable.Range(0, 24).ToDictionary(hour => hour, hour => (days, quiet.Contains(hour) ? days : 0)));

    private static GpuUse Gpu(decimal util, decimal peak, long memory = 14_000, int index = 0) => new(Guid.Empty, index, false, "Tesla V100-SXM2-16GB", util, peak, memory, 16_384, 200, 3_060_000);
}
