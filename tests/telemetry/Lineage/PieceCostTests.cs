using System.Text.Json;
using Empire.Contracts;
using Empire.Telemetry.Lineage;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Telemetry.Tests.Lineage;

/// <summary>Costs of pieces are told when the test says so, and without waiting for more.</summary>
public sealed class LineageApp : TelemetryApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Lineage:TellAfter", "00:00:00"), new("Lineage:LookEvery", "01:00:00")];
}

public sealed class PieceCostTests(LineageApp app) : IClassFixture<LineageApp>
{
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddHours(-2);
    private readonly Guid piece = Guid.CreateVersion7();

    [Fact]
    public async Task What_gpus_cost_for_a_piece_is_told_in_dollars_and_joules_and_each_part_once()
    {
        var host = new Host(gpus: 2);
        await WorkAsync(host, Start, 100, $"piece_{piece:N}");
        await TellAsync();
        var first = Assert.Single(await ToldAsync());
        // 100 samples of 10 s on two V100 at 3.06 USD an hour and 200.5 W.
        Assert.Equal(("gpu", 1_700_000L, "USD", 401_000L, false), (first.Category, first.Micros, first.Currency, first.EnergyJoules, first.Test));
        Assert.Equal(app.Tenant.Value, first.TenantId);

        await TellAsync();
        Assert.Single(await ToldAsync());

        await WorkAsync(host, Start.AddSeconds(1000), 1, $"piece_{piece:N}");
        await WorkAsync(host, Start.AddSeconds(1010), 1, "training");
        await TellAsync();
        var all = await ToldAsync();
        Assert.Equal((2, 1_717_000L, 405_010L), (all.Count, all.Sum(cost => cost.Micros), all.Sum(cost => cost.EnergyJoules)));
        Assert.Equal(2, all.DistinctBy(cost => cost.CostId).Count());
    }

    [Fact]
    public async Task A_piece_on_a_mig_instance_has_its_part_of_the_gpus_joules()
    {
        var host = new Host(gpuName: "NVIDIA H100 80GB HBM3");
        var batch = host.Batch(Start, 10, (_, _) => 0, (sample, _, _) =>
        {
            sample.ClearGpuUtil();
            (sample.MigEnabled, sample.Power) = (true, 700);
        });
        foreach (var whole in batch.Samples.ToArray())
        {
            var part = new Contracts.V1.Sample { ObservedAtMs = whole.ObservedAtMs, GpuIndex = 0, GpuUuid = "MIG-1", GpuName = $"{whole.GpuName} MIG 2g.20gb", MigInstance = 3, MemTotal = 4_000, MemUsed = 1, GpuUtil = 75 };
            part.Processes.Add(new Contracts.V1.ProcessSample { Pid = 1, Name = "python", Sm = 50, JobId = $"piece_{piece:N}" });
            batch.Samples.Add(part);
        }
        await app.StoreAsync([batch]);
        await app.SettledAsync();
        await TellAsync();
        Assert.Equal(7_500, Assert.Single(await ToldAsync()).EnergyJoules); // of 70 kJ two sevenths, three quarters of the time, and of that the process's half
    }

    [Fact]
    public async Task Fractions_of_a_millionth_and_of_a_joule_are_kept_for_the_next_time()
    {
        var host = new Host(interval: 1);
        for (var i = 0; i < 7; i++)
        {
            await WorkAsync(host, Start.AddSeconds(i), 1, $"piece_{piece:N}", power: 0.3f, micros: 1_000);
            await TellAsync();
        }
        var told = await ToldAsync();
        Assert.Equal((1L, 2L), (told.Sum(cost => cost.Micros), told.Sum(cost => cost.EnergyJoules))); // of 7 s at 0.001 USD an hour: 1.94 millionths; 2.1 J
    }

    private async Task WorkAsync(Host host, DateTimeOffset from, int samples, string job, float power = 200.5f, long? micros = null)
    {
        await app.StoreAsync([host.Batch(from, samples, (_, _) => 90, (sample, _, _) =>
        {
            sample.JobId = job;
            sample.Power = power;
            if (micros is { } rate) sample.CostPerHour = new() { Micros = rate, Currency = "USD" };
        })]);
        await app.SettledAsync();
    }

    private async Task TellAsync() => await app.Services.GetRequiredService<PieceCostTeller>().TellAsync(TestContext.Current.CancellationToken);

    private async Task<List<CostIncurred>> ToldAsync() => [.. (await app.RowsAsync<string>("select body::text from told where type = @type", new { type = typeof(CostIncurred).FullName }))
        .Select(body => JsonSerializer.Deserialize<CostIncurred>(body, JsonSerializerOptions.Web)!).Where(cost => cost.PieceId == piece)];
}
