using System.Net.Http.Json;
using Empire.Contracts.V1;

namespace Empire.Telemetry.Tests.Settling;

/// <summary>Whatever shares a GPU, what its jobs and nobody had sums to what it costs.</summary>
public sealed class AllocationTests(PackingApp app) : IClassFixture<PackingApp>
{
    private const decimal Rate = 3.673385m; // of an A100 at GCP
    private static readonly DateTimeOffset Start = TimeProvider.System.GetUtcNow().AddHours(-3);

    [Fact]
    public async Task Jobs_on_mig_instances_and_what_no_instance_has_sum_to_the_gpu()
    {
        var (host, random) = (new Host(gpuName: "NVIDIA A100-SXM4-40GB", provider: "gcp"), new Random(5));
        await app.StoreAsync(Enumerable.Range(0, 6).Select(hour => Split(host, Start.AddMinutes(hour * 20), hour % 2 == 0 ? ["3g.20gb", "1g.5gb"] : ["1g.5gb", "1g.5gb", "2g.10gb"], part => $"job-{random.Next(3)}-{part}")));
        await app.SettledAsync();
        // 6 × 20 minutes without a gap.
        var wanted = Rate * 2;
        Assert.Equal(wanted, await HoursAsync("sum(cost_micro_ms)", "rollups_day", host));
        Assert.Equal(wanted, await HoursAsync("sum(cost_micro_ms)", "job_costs", host));
        Assert.True(await HoursAsync("sum(cost_micro_ms) filter (where job_id <> '')", "job_costs", host) is > 0 and var jobs && jobs < wanted);
        var measured = await app.SeeAsync<decimal>("select sum(energy_mj) from rollups_day r join gpus g on g.id = r.gpu_id where g.agent_id = @Id and g.mig_instance < 0", new { host.Id });
        Assert.Equal(720 * 2_005_000m, measured); // 200.5 W for ten seconds each
        var energies = await app.RowsAsync<(bool Instance, bool Job, decimal Mj)>("select g.mig_instance >= 0, r.job_id <> '', sum(energy_mj) from job_costs r join gpus g on g.id = r.gpu_id where g.agent_id = @Id group by 1, 2", new { host.Id });
        Assert.Equal(measured, energies.Sum(energy => energy.Mj));
        Assert.InRange(energies.Single(energy => energy is { Instance: true, Job: true }).Mj, measured * 4 / 7 - 720 * 4, measured * 4 / 7 + 720 * 4); // four of seven slices had jobs; less than a millijoule of a sample is somebody's whole
        // Nobody can say how much the instances are used; what no instance has is wasted.
        var rest = await app.SeeAsync<decimal>("select sum(r.cost_micro_ms) - sum(r.waste_micro_ms) from rollups_day r join gpus g on g.id = r.gpu_id where g.agent_id = @Id and g.mig_instance < 0", new { host.Id });
        Assert.Equal(0, rest);
        Assert.Equal(0, await app.SeeAsync<decimal>("select sum(r.waste_micro_ms) from rollups_day r join gpus g on g.id = r.gpu_id where g.agent_id = @Id and g.mig_instance >= 0", new { host.Id }));
        Assert.Equal(0, await app.SeeAsync<long>("select count(*) from told where body ->> 'agentId' = @id", new { id = host.Id.ToString() })); // not idle: not known
    }

    [Fact]
    public async Task Jobs_that_share_a_gpu_by_time_sum_to_it_too()
    {
        var (host, random) = (new Host(), new Random(6));
        await app.StoreAsync([host.Batch(Start, 720, (_, _) => 90, (sample, _, _) =>
        {
            for (var i = random.Next(4); i > 0; i--) sample.Processes.Add(new ProcessSample { Pid = (uint)i, Name = "p", Sm = random.Next(0, 60), JobId = $"job-{i}" });
        })]);
        await app.SettledAsync();
        Assert.Equal(3.06m * 2, await HoursAsync("sum(cost_micro_ms)", "job_costs", host));
    }

    [Fact]
    public async Task A_split_gpu_is_shown_with_its_instances_and_without_use_that_nobody_told()
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        var host = new Host(gpuName: "NVIDIA A100-SXM4-40GB", provider: "gcp");
        var batch = Split(host, TimeProvider.System.GetUtcNow().AddMinutes(-20), ["3g.20gb"], _ => "");
        foreach (var part in batch.Samples.Where(sample => sample.HasMigInstance)) part.GpuUtil = 80; // a driver that tells
        await app.StoreAsync([batch], tenant);
        await app.SettledAsync();
        using var client = app.ClientFor(tenant);
        var now = await client.GetFromJsonAsync<System.Text.Json.JsonElement>("/api/gpu/current");
        var (gpu, part1) = (now.GetProperty("gpus")[0], now.GetProperty("gpus")[1]);
        Assert.Equal((System.Text.Json.JsonValueKind.Null, 80m, 80m), (gpu.GetProperty("gpu_util").ValueKind, part1.GetProperty("gpu_util").GetDecimal(), now.GetProperty("average_util").GetDecimal()));
        Assert.Equal((Rate, gpu.GetProperty("cost_per_hour").GetDecimal()), (now.GetProperty("hourly_cost").GetDecimal(), now.GetProperty("potential_hourly_savings").GetDecimal()));
        Assert.Equal(80m, (await client.GetFromJsonAsync<System.Text.Json.JsonElement>("/api/gpu/history")).GetProperty("points")[0].GetProperty("gpu_util").GetDecimal());
    }

    /// <summary>Twenty minutes of a split GPU.</summary>
    private static SampleBatch Split(Host host, DateTimeOffset from, string[] parts, Func<int, string> job) =>
        Parts(host.Batch(from, 120, (_, _) => 0, (sample, _, _) =>
        {
            sample.ClearGpuUtil();
            sample.MigEnabled = true;
            sample.MemTotal = 40_960;
        }), parts, job);

    private static SampleBatch Parts(SampleBatch batch, string[] parts, Func<int, string> job)
    {
        foreach (var whole in batch.Samples.ToArray())
        {
            for (var i = 0; i < parts.Length; i++)
            {
                var memory = int.Parse(parts[i].Split('.')[1].Replace("gb", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture) * 1_000;
                batch.Samples.Add(new Sample
                {
                    ObservedAtMs = whole.ObservedAtMs, GpuIndex = 0, GpuUuid = $"MIG-{i}-{parts[i]}", GpuName = $"{whole.GpuName} MIG {parts[i]}", MigInstance = (uint)(7 + i), MemTotal = memory, MemUsed = 100, JobId = job(i),
                });
            }
        }
        return batch;
    }

    private async Task<decimal> HoursAsync(string what, string table, Host host) =>
        await app.SeeAsync<decimal>($"select {what} from {table} r join gpus g on g.id = r.gpu_id where g.agent_id = @Id", new { host.Id }) / 3_600_000 / 1_000_000;
}
