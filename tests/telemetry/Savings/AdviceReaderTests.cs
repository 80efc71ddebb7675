using System.Net.Http.Json;
using System.Text.Json;
using Empire.Contracts.V1;

namespace Empire.Telemetry.Tests.Savings;

/// <summary>Nobody is promised again what they have done already.</summary>
public sealed class AdviceReaderTests(TelemetryApp app) : IClassFixture<TelemetryApp>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private readonly TenantId tenant = TenantId.New(Now);

    [Fact]
    public async Task A_host_that_was_shut_down_is_not_to_be_shut_down()
    {
        await ReportAsync(new("off", interval: 300), Now.AddDays(-10), Now.AddDays(-1).AddHours(-1), (_, _) => 1);
        Assert.Empty(await KindsAsync());
        await ReportAsync(new("on", interval: 300), Now.AddDays(-10), Now, (_, _) => 1);
        Assert.Equal(["shut_down"], await KindsAsync());
    }

    [Fact]
    public async Task Nights_at_which_a_host_is_off_by_now_are_not_to_be_switched_off()
    {
        var host = new Host("nights", interval: 900);
        bool Night(DateTimeOffset at) => at.Hour < 6;
        await ReportAsync(host, Now.AddDays(-12), Now, (_, at) => Night(at) ? 1 : 80);
        Assert.Equal(["schedule_shutdown"], await KindsAsync());

        var obedient = new Host("obedient", interval: 900);
        var other = TenantId.New(Now);
        await ReportAsync(obedient, Now.AddDays(-12), Now, (_, at) => Night(at) ? 1 : 80, of: other, isOn: at => at < Now.AddDays(-5) || !Night(at));
        Assert.Empty(await KindsAsync(other));
    }

    [Fact]
    public async Task A_card_that_was_replaced_is_not_a_second_one()
    {
        var host = new Host("repaired", gpuName: "Radeon VII", provider: "", interval: 300);
        await ReportAsync(host, Now.AddDays(-10), Now.AddDays(-5), (_, _) => 15, change: sample => (sample.GpuUuid, sample.MemUsed) = ("GPU-broken", 1_000));
        await ReportAsync(host, Now.AddDays(-5), Now, (_, _) => 15, change: sample => (sample.GpuUuid, sample.MemUsed) = ("GPU-new", 1_000));
        Assert.Empty(await KindsAsync());

        var (two, other) = (new Host("two", gpus: 2, gpuName: "Radeon VII", provider: "", interval: 300), TenantId.New(Now));
        await ReportAsync(two, Now.AddDays(-5), Now, (_, _) => 15, change: sample => sample.MemUsed = 1_000, of: other);
        Assert.Equal(["consolidate"], await KindsAsync(other));
    }

    /// <param name="util">Percent, by GPU and moment.</param>
    private async Task ReportAsync(Host host, DateTimeOffset from, DateTimeOffset to, Func<int, DateTimeOffset, double> util, Action<Sample>? change = null, TenantId? of = null, Func<DateTimeOffset, bool>? isOn = null)
    {
        var step = TimeSpan.FromSeconds(host.Tags.IntervalSeconds);
        var batch = host.Batch(from, (int)((to - from) / step), (gpu, n) => util(gpu, from + n * step), (sample, _, _) =>
        {
            sample.CostPerHour = new() { Currency = "USD", Micros = 3_060_000 };
            change?.Invoke(sample);
        });
        var on = batch.Samples.Where(sample => isOn?.Invoke(DateTimeOffset.FromUnixTimeMilliseconds(sample.ObservedAtMs)) ?? true).ToArray();
        batch.Samples.Clear();
        batch.Samples.AddRange(on);
        await app.StoreAsync([batch], of ?? tenant);
        await app.SettledAsync();
    }

    private async Task<IReadOnlyList<string>> KindsAsync(TenantId? of = null)
    {
        using var client = app.ClientFor(of ?? tenant);
        var answer = await client.GetFromJsonAsync<JsonElement>("/api/v1/telemetry/recommendations");
        return [.. answer.GetProperty("recommendations").EnumerateArray().Select(advice => advice.GetProperty("kind").GetString()!)];
    }
}
