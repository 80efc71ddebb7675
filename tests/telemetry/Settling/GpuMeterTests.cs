using Empire.Telemetry.Settling;
using Empire.Telemetry.Storage;

namespace Empire.Telemetry.Tests.Settling;

/// <summary>What one series gives, read in as many turns as one likes.</summary>
public sealed class GpuMeterTests
{
    private const long Second = 1_000, Hour = 3_600_000, Start = 1_772_438_400_000; // 2026-03-02 08:00 UTC
    private const long TenSecondsAt200W = 2_000_000; // mJ

    [Theory]
    [InlineData(long.MaxValue)]
    [InlineData(9_000_000_000_000_000_000)]
    [InlineData(9_000_000_000_000_000)]
    [InlineData(1_000_002)] // a joule more than 100 kW for ten seconds
    public void A_counter_that_jumps_farther_than_a_gpu_can_go_is_not_believed(long counter)
    {
        var meter = Read(Sample(0, energy: 1), Sample(10, energy: counter), Sample(20, energy: 5), Sample(30, energy: 2_005));
        Assert.Equal(4 * TenSecondsAt200W, meter.Minutes.Values.Sum(minute => minute.EnergyMj)); // the last one by the counter: it says the same
    }

    [Fact]
    public void What_a_gpu_used_in_a_gap_is_the_nodes_and_no_jobs()
    {
        var meter = Read(Sample(0, energy: 0, job: "before"), Sample(10, energy: 2_000, job: "before"), Sample(7_210, energy: 1_002_000, job: "after"), Sample(7_220, energy: 1_004_000, job: "after"));
        Assert.Equal(1_004_000_000 + TenSecondsAt200W, meter.Minutes.Values.Sum(minute => minute.EnergyMj));
        Assert.Equal([("", 998_000_000L), ("after", 2 * TenSecondsAt200W), ("before", 2 * TenSecondsAt200W)], EnergyByJob(meter));
        Assert.Equal([("", 0L), ("after", 20_000L), ("before", 20_000L)], meter.Jobs.Select(job => (job.Key.Job, job.Value.Ms)).Order()); // nor is it anybody's time
    }

    [Fact]
    public void Without_power_a_gaps_energy_is_divided_by_time()
    {
        var meter = Read(Sample(0, energy: 0, power: null, job: "j"), Sample(1_000, energy: 1_000, power: null, job: "j"));
        Assert.Equal([("", 990_000L), ("j", 10_000L)], EnergyByJob(meter));
    }

    [Fact]
    public void Silence_is_not_idleness()
    {
        var meter = Read(Sample(0, util: 0), Sample(14 * 3_600, util: 0));
        Assert.Empty(meter.Findings);
        Assert.Equal(Start + 14 * Hour, meter.State.Idle.Since);
    }

    [Fact]
    public void Idleness_that_was_told_is_over_when_the_silence_begins()
    {
        var meter = Read([.. Enumerable.Range(0, 120).Select(i => Sample(i * 10, util: 0)), .. Enumerable.Range(0, 120).Select(i => Sample(36_000 + i * 10, util: 0))]);
        Assert.Equal([("idle", 900 * Second, 0L, false), ("idle", 1_190 * Second, 0L, true), ("idle", 36_900 * Second, 36_000 * Second, false)],
            meter.Findings.Select(found => (found.Kind, found.At - Start, found.Since - Start, found.IsEnd)));
    }

    [Fact]
    public void Neither_heat_nor_slow_clocks_go_on_through_silence()
    {
        var meter = Read(Sample(0, degrees: 90, reasons: 0x40), Sample(50_000, degrees: 90, reasons: 0x40));
        Assert.Empty(meter.Findings);
        Assert.Equal(["hot", "throttled"], Read([.. Enumerable.Range(0, 8).Select(i => Sample(i * 10, degrees: 90, reasons: 0x40))]).Findings.Select(found => found.Kind).Order());
    }

    [Fact]
    public void A_hiccup_of_the_host_does_not_end_what_lasts()
    {
        var meter = Read([.. Enumerable.Range(0, 60).Select(i => Sample(i * 10, util: 0)), .. Enumerable.Range(0, 60).Select(i => Sample(640 + i * 10, util: 0))]); // 50 seconds without a word
        Assert.Equal([("idle", 0L)], meter.Findings.Select(found => (found.Kind, found.Since - Start)));
    }

    private static IEnumerable<(string, long)> EnergyByJob(GpuMeter meter) => meter.Jobs.GroupBy(job => job.Key.Job).Select(job => (job.Key, job.Sum(part => part.Value.EnergyMj))).OrderBy(job => job.Key, StringComparer.Ordinal);

    private static GpuMeter Read(params Action<GpuBlock>[] samples)
    {
        var meter = new GpuMeter(new(), TimeSpan.FromSeconds(10), new());
        var block = new GpuBlock(16);
        foreach (var add in samples) add(block);
        meter.Read(block);
        return meter;
    }

    /// <param name="at">Seconds.</param>
    /// <param name="power">W.</param>
    /// <param name="util">Percent.</param>
    private static Action<GpuBlock> Sample(long at, long? energy = null, long? power = 200, string job = "", long util = 80, long? degrees = null, long? reasons = null) => block =>
    {
        var sample = block.Add(Start + at * Second);
        block.Set(Metric.GpuUtil, sample, util * 100);
        if (energy is { } counter) block.Set(Metric.Energy, sample, counter);
        if (power is { } watts) block.Set(Metric.Power, sample, watts * 10);
        if (degrees is { } celsius) block.Set(Metric.Temperature, sample, celsius);
        if (reasons is { } bits) block.Set(Metric.ThrottleReasons, sample, bits);
        block.SetJob(sample, job);
    };
}
