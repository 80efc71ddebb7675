using Dapper;
using Empire.Contracts;

namespace Empire.Telemetry.Tests.Settling;

/// <summary>Samples are packed as they come here, so that both forms of storage are read.</summary>
public sealed class PackingApp : TelemetryApp
{
    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Settling:PackSamples", "300"), new("Settling:CheckEvery", "1.00:00:00")];
}

public sealed class SettlerTests(PackingApp app) : IClassFixture<PackingApp>
{
    private static readonly DateTimeOffset Start = new DateTimeOffset(TimeProvider.System.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero).AddDays(-3).AddHours(22).AddSeconds(7);

    [Theory]
    [InlineData("rollups_minute", "minute")]
    [InlineData("rollups_hour", "hour")]
    [InlineData("rollups_day", "day")]
    public async Task Sums_are_what_the_samples_give(string table, string unit)
    {
        var random = new Random(11);
        var host = new Host(gpus: 2);
        // Over midnight, with gaps, late batches, and values that are not known.
        var batches = Enumerable.Range(0, 40).Select(i => host.Batch(Start.AddMinutes(i * 7), random.Next(1, 40), (_, _) => random.Next(0, 10_000) / 100.0, (sample, _, _) =>
        {
            if (random.Next(3) == 0) sample.ClearTemperature();
            if (random.Next(3) == 0) sample.ClearPower();
            sample.MemUsed = random.Next(16_000);
        })).ToArray();
        await app.StoreAsync(batches);
        await app.SettledAsync();
        Assert.True(await app.SeeAsync<long>("select count(*) from chunks c join gpus g on g.id = c.gpu_id where g.agent_id = @Id", new { host.Id }) > 0);
        Assert.Equal(batches.Sum(batch => batch.Samples.Count), await app.SeeAsync<long>("select count(*) from samples s join gpus g on g.id = s.gpu_id where g.agent_id = @Id", new { host.Id }));
        const string columns = "gpu_id, starts_at, samples, util_sum, util_min, util_max, mem_used_sum, mem_used_max, temperatures, temperature_sum, temperature_max, powers, power_sum, power_max";
        var raw =
            $"""
            select s.gpu_id, date_trunc('{unit}', s.observed_at at time zone 'utc') at time zone 'utc' as starts_at, count(*)::int, (sum(s.gpu_util) * 100)::bigint, (min(s.gpu_util) * 100)::int, (max(s.gpu_util) * 100)::int,
              sum(s.mem_used)::bigint, max(s.mem_used), count(s.temperature)::int, coalesce(sum(s.temperature), 0)::bigint, max(s.temperature)::int, count(s.power)::int, coalesce(sum(s.power) * 10, 0)::bigint, (max(s.power) * 10)::int
            from samples s join gpus g on g.id = s.gpu_id where g.agent_id = @Id group by 1, 2
            """;
        var kept = $"select {columns} from {table} r where exists (select from gpus g where g.id = r.gpu_id and g.agent_id = @Id)";
        Assert.Equal(0, await app.SeeAsync<long>($"select count(*) from ((({raw}) except ({kept})) union all (({kept}) except ({raw}))) x", new { host.Id }));
        Assert.True(await app.SeeAsync<long>($"select count(*) from ({kept}) x", new { host.Id }) >= (unit == "day" ? 4 : 6));
        Assert.Equal(await app.SeeAsync<decimal>("select sum(cost_micro_ms) from rollups_day r join gpus g on g.id = r.gpu_id where g.agent_id = @Id", new { host.Id }),
            await app.SeeAsync<decimal>($"select sum(cost_micro_ms) from {table} r join gpus g on g.id = r.gpu_id where g.agent_id = @Id", new { host.Id }));
    }

    [Fact]
    public async Task The_view_reads_what_was_sent()
    {
        var host = new Host();
        var batch = host.Batch(Start, 1_200, (_, n) => n % 100 + 0.25, (sample, _, n) =>
        {
            if (n % 5 == 0) sample.ClearTemperature();
            sample.MemUsed = n;
            sample.Energy = (ulong)(1_000_000 + n * 2_500);
        });
        await app.StoreAsync([batch]);
        await app.SettledAsync();
        var read = await app.RowsAsync<(DateTime At, decimal Util, long Used, long? Temperature, decimal Power, long Energy, decimal Cost)>(
            "select s.observed_at, s.gpu_util, s.mem_used, s.temperature, s.power, s.energy, s.cost_per_hour from samples s join gpus g on g.id = s.gpu_id where g.agent_id = @Id order by 1", new { host.Id });
        Assert.Equal(batch.Samples.Select(sample => (DateTimeOffset.FromUnixTimeMilliseconds(sample.ObservedAtMs).UtcDateTime, (decimal)sample.GpuUtil, sample.MemUsed,
            sample.HasTemperature ? sample.Temperature : (long?)null, (decimal)sample.Power, (long)sample.Energy, 3.06m)), read);
    }

    [Fact]
    public async Task A_low_stretch_is_told_once_with_its_duration_and_its_end_too()
    {
        var host = new Host("idle-host");
        await app.StoreAsync(
        [
            host.Batch(Start, 60, (_, _) => 80),                                              // ten minutes of work
            host.Batch(Start.AddMinutes(10), 120, (_, n) => n % 2 == 0 ? 4 : 12),             // trembles about the threshold for twenty minutes
            host.Batch(Start.AddMinutes(30), 60, (_, _) => 90),
        ]);
        await app.SettledAsync();
        var idle = (await app.RowsAsync<string>("select body::text from told where type = @type and body ->> 'agentId' = @id", new { type = typeof(GpuIdleDetected).FullName, id = host.Id.ToString() })).Single();
        var told = System.Text.Json.JsonSerializer.Deserialize<GpuIdleDetected>(idle, System.Text.Json.JsonSerializerOptions.Web)!;
        Assert.Equal((Start.AddMinutes(10).ToUnixTimeMilliseconds(), 900.0, 3_060_000L, "idle-host"), (told.Since.ToUnixTimeMilliseconds(), told.DurationSeconds, told.CostPerHourMicros, told.Hostname));
        var ended = (await app.RowsAsync<string>("select body ->> 'durationSeconds' from told where type = @type and body ->> 'agentId' = @id", new { type = typeof(GpuIdleEnded).FullName, id = host.Id.ToString() })).Single();
        Assert.Equal("1200", ended);
    }

    [Fact]
    public async Task Samples_that_wait_stand_for_the_time_between_them_whatever_interval_their_host_has_by_then()
    {
        var host = new Host(interval: 10);
        await app.StoreAsync([new() { AgentId = host.Id.ToString() }]); // known, so that its settling can be held up
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        await using (var hold = await owner.BeginTransactionAsync())
        {
            await owner.ExecuteAsync("select from settlements where agent_id = @Id for update", new { host.Id }, hold);
            await app.StoreAsync([host.Batch(Start, 12, (_, _) => 50)]);
            host.Tags.IntervalSeconds = 1;
            await app.StoreAsync([host.Batch(Start.AddMinutes(2), 5, (_, _) => 50, (sample, _, i) => sample.ObservedAtMs = Start.AddMinutes(2).AddSeconds(i).ToUnixTimeMilliseconds())]);
            await hold.RollbackAsync();
        }
        await app.SettledAsync();
        Assert.Equal(125_000, await app.SeeAsync<long>("select sum(r.ms)::bigint from rollups_minute r join gpus g on g.id = r.gpu_id where g.agent_id = @Id", new { host.Id }));
    }

    [Fact]
    public async Task Heat_slow_clocks_and_memory_errors_are_told_once_each()
    {
        var host = new Host();
        await app.StoreAsync([host.Batch(Start, 60, (_, _) => 95, (sample, _, n) =>
        {
            sample.Temperature = n is > 10 and < 50 ? 88 : 70;
            sample.ThrottleReasons = n is > 10 and < 50 ? 0x40UL : 0x4UL; // heat; before and after only the power cap
            sample.EccUncorrected = n < 30 ? 5UL : 7UL;
        })]);
        await app.SettledAsync();
        foreach (var type in new[] { typeof(GpuHot), typeof(GpuThrottled), typeof(GpuEccErrors) })
            Assert.Equal(1, await app.SeeAsync<long>("select count(*) from told where type = @type and body ->> 'agentId' = @id", new { type = type.FullName, id = host.Id.ToString() }));
        Assert.Equal("2", await app.SeeAsync<string>("select body ->> 'uncorrected' from told where type = @type and body ->> 'agentId' = @id", new { type = typeof(GpuEccErrors).FullName, id = host.Id.ToString() }));
    }
}
