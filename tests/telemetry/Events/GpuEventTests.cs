using System.Net.Http.Json;
using System.Text.Json;
using Empire.Contracts.V1;
using Empire.Telemetry.Agents;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Telemetry.Tests.Events;

/// <summary>What GPUs and hosts went through, each test with an account of its own.</summary>
public sealed class GpuEventTests(TelemetryApp app) : IClassFixture<TelemetryApp>
{
    private readonly TenantId tenant = TenantId.New(TimeProvider.System.GetUtcNow());
    private readonly DateTimeOffset start = DateTimeOffset.FromUnixTimeSeconds(TimeProvider.System.GetUtcNow().AddHours(-6).ToUnixTimeSeconds());

    [Fact]
    public async Task An_idle_stretch_goes_on_with_its_cost_until_the_gpu_is_used_again()
    {
        var host = new Host("idler");
        await StoreAsync(host.Batch(start, 120, (_, _) => 0));              // 20 minutes
        await SilenceAsync(host, start.AddSeconds(1_190));                  // and then nothing is heard: it is known to have been idle for so long
        var open = Assert.Single(await EventsAsync("?kind=idle&open=true"));
        Assert.Equal(("idle", "idler", 0, "Tesla V100", start, JsonValueKind.Null, 1_190d, 3.06m, 1.0115m), (Text(open, "kind"), Text(open, "hostname"), open.GetProperty("gpu_index").GetInt32(), Text(open, "gpu_name"),
            At(open, "since"), open.GetProperty("ended_at").ValueKind, open.GetProperty("duration_seconds").GetDouble(), Number(open, "cost_per_hour"), Number(open, "cost")));
        Assert.All(["temperature", "throttle_reasons", "ecc_uncorrected", "xid", "mig_instance"], none => Assert.Equal(JsonValueKind.Null, open.GetProperty(none).ValueKind));

        await StoreAsync(host.Batch(start.AddSeconds(1_200), 12, (_, _) => 80));
        var over = Assert.Single(await EventsAsync("?kind=idle"));
        Assert.Equal((open.GetProperty("id").GetGuid(), start.AddSeconds(1_200), 1_200d, 1.02m), (over.GetProperty("id").GetGuid(), At(over, "ended_at"), over.GetProperty("duration_seconds").GetDouble(), Number(over, "cost")));
        await LookAsync();                                                  // the host was lost, too, and is back
        Assert.Empty(await EventsAsync("?open=true"));
        Assert.Equal(["agent_lost", "idle"], (await EventsAsync("?open=false")).Select(one => Text(one, "kind")).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Heat_slow_clocks_and_errors_say_what_they_were_and_when_they_were_over()
    {
        var host = new Host("furnace", gpus: 2);
        await StoreAsync(host.Batch(start, 40, (_, _) => 90, (sample, gpu, i) =>
        {
            sample.EccUncorrected = gpu == 1 && i >= 20 ? 3u : 1u;
            if (gpu == 0) sample.Temperature = i is >= 5 and < 20 ? 91 : 60;
            if (gpu == 0) sample.ThrottleReasons = i is >= 5 and < 20 ? 0x60u : 0x1u;
        }));
        var told = await EventsAsync("");
        Assert.Equal(["ecc", "hot", "throttled"], told.Select(one => Text(one, "kind")).Order(StringComparer.Ordinal));
        var (hot, slow, ecc) = (told.Single(one => Text(one, "kind") == "hot"), told.Single(one => Text(one, "kind") == "throttled"), told.Single(one => Text(one, "kind") == "ecc"));
        Assert.Equal((91, start.AddSeconds(50), start.AddSeconds(200)), (hot.GetProperty("temperature").GetInt32(), At(hot, "since"), At(hot, "ended_at")));
        Assert.Equal(["sw_thermal_slowdown", "hw_thermal_slowdown"], slow.GetProperty("throttle_reasons").EnumerateArray().Select(reason => reason.GetString()));
        Assert.Equal(At(hot, "ended_at"), At(slow, "ended_at"));
        Assert.Equal((1, 2L, JsonValueKind.Null, start.AddSeconds(200), 0d), (ecc.GetProperty("gpu_index").GetInt32(), ecc.GetProperty("ecc_uncorrected").GetInt64(), ecc.GetProperty("xid").ValueKind, At(ecc, "ended_at"),
            ecc.GetProperty("duration_seconds").GetDouble()));
    }

    [Fact]
    public async Task A_host_that_falls_silent_is_lost_until_it_is_heard_again()
    {
        var host = new Host("wanderer");
        await StoreAsync(host.Batch(start, 1, (_, _) => 50));
        var heard = TimeProvider.System.GetUtcNow().AddMinutes(-5);
        await SilenceAsync(host, heard);
        var lost = Assert.Single(await EventsAsync("?kind=agent_lost"));
        Assert.Equal(("wanderer", JsonValueKind.Null, JsonValueKind.Null), (Text(lost, "hostname"), lost.GetProperty("gpu_index").ValueKind, lost.GetProperty("ended_at").ValueKind));
        Assert.InRange(lost.GetProperty("duration_seconds").GetDouble(), 299, 330);
        await StoreAsync(host.Batch(start.AddSeconds(10), 1, (_, _) => 50));
        await LookAsync();
        Assert.InRange(At(Assert.Single(await EventsAsync($"?agent_id={host.Id}")), "ended_at"), heard.AddMinutes(4), TimeProvider.System.GetUtcNow());
    }

    [Fact]
    public async Task A_gpu_that_stops_while_its_host_goes_on_ends_what_was_told_of_it_and_is_lost_until_it_is_heard_again()
    {
        var host = new Host("eight", gpus: 3);
        await StoreAsync(host.Batch(start, 120, (_, _) => 0, (sample, gpu, _) => sample.Xid = gpu == 1 ? 79u : 0u));
        await StoreAsync(Without(host.Batch(start.AddMinutes(20), 12, (_, _) => 0), gpu: 1)); // 110 seconds: two minutes may be missed
        Assert.Equal(0, await LostAsync());
        await StoreAsync(Without(host.Batch(start.AddMinutes(22), 12, (_, _) => 0), gpu: 1));
        Assert.Equal((1, 1), (await LostAsync(), await LostAsync())); // once
        var last = start.AddSeconds(1_190);
        var lost = Assert.Single(await EventsAsync("?kind=gpu_lost"));
        Assert.Equal((1, "Tesla V100", last, JsonValueKind.Null, 79L), (lost.GetProperty("gpu_index").GetInt32(), Text(lost, "gpu_name"), At(lost, "since"), lost.GetProperty("ended_at").ValueKind, lost.GetProperty("xid").GetInt64()));
        var idle = Assert.Single(await EventsAsync("?kind=idle&gpu_index=1"));
        Assert.Equal((last, 1_190d, 1.0115m), (At(idle, "ended_at"), idle.GetProperty("duration_seconds").GetDouble(), Number(idle, "cost")));
        Assert.Equal(2, (await EventsAsync("?kind=idle&open=true")).Count);
        Assert.Equal(["GpuIdleEnded 1", "GpuLost 1"], await ToldAsync(host));

        await StoreAsync(host.Batch(start.AddMinutes(24), 12, (_, _) => 0));
        Assert.Equal(1, await LostAsync());
        Assert.Equal(start.AddSeconds(1_550), At(Assert.Single(await EventsAsync("?kind=gpu_lost")), "ended_at"));
        await StoreAsync(Without(host.Batch(start.AddMinutes(26), 24, (_, _) => 0), gpu: 1));
        Assert.Equal(2, await LostAsync()); // again
        await StoreAsync(Without(host.Batch(start.AddMinutes(30), 1, (_, _) => 0, (sample, gpu, _) => sample.GpuUuid = gpu == 2 ? "GPU-1" : sample.GpuUuid), gpu: 1));
        Assert.Equal(2, await LostAsync()); // found in another slot
        Assert.Empty(await EventsAsync("?kind=gpu_lost&open=true"));
    }

    [Fact]
    public async Task A_card_in_another_place_and_an_instance_that_was_split_anew_are_not_lost()
    {
        var host = new Host("moved", gpus: 2);
        await StoreAsync(host.Batch(start, 12, (_, _) => 50));
        await StoreAsync(host.Batch(start.AddMinutes(2), 24, (_, _) => 50, (sample, gpu, _) => sample.GpuUuid = $"GPU-{1 - gpu}")); // they have changed places
        Assert.Equal(0, await LostAsync());
        var split = new Host("split");
        await StoreAsync(split.Batch(start, 2, (_, _) => 50, (sample, _, i) => { if (i == 1) sample.MigInstance = 1; }));
        await StoreAsync(split.Batch(start.AddMinutes(2), 24, (_, _) => 50));
        Assert.Equal(0, await LostAsync());
    }

    [Fact]
    public async Task Nobody_is_lost_while_their_host_is_silent_or_its_clock_is_slow()
    {
        var host = new Host("slow clock", gpus: 2);
        await StoreAsync(host.Batch(start, 24, (_, _) => 50)); // six hours behind what is now
        Assert.Equal(0, await LostAsync());
        await StoreAsync(Without(host.Batch(start.AddMinutes(4), 24, (_, _) => 50), gpu: 1));
        await SilenceAsync(host, TimeProvider.System.GetUtcNow().AddMinutes(-5));
        Assert.Equal(0, await LostAsync());
    }

    [Fact]
    public async Task The_list_is_narrowed_by_host_place_and_time_and_read_page_by_page()
    {
        var (first, second) = (new Host("first", gpus: 3), new Host("second"));
        foreach (var host in (Host[])[first, second]) await StoreAsync(host.Batch(start, 100, (_, _) => 0));
        Assert.Equal(3, (await EventsAsync($"?agent_id={first.Id}")).Count);
        Assert.Equal(["first", "second"], (await EventsAsync("?gpu_index=0")).Select(one => Text(one, "hostname")).Order());
        Assert.Empty(await EventsAsync($"?to={start:yyyy-MM-ddTHH:mm:ssZ}"));
        Assert.Equal(4, (await EventsAsync($"?from={start.AddHours(1):yyyy-MM-ddTHH:mm:ssZ}")).Count); // all go on
        var (seen, cursor) = (new List<Guid>(), "");
        do
        {
            var page = await GetAsync($"?limit=3{cursor}");
            seen.AddRange(page.GetProperty("data").EnumerateArray().Select(one => one.GetProperty("id").GetGuid()));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);
        Assert.Equal(4, seen.Distinct().Count());
        Assert.Equal(4, seen.Count);
    }

    [Theory]
    [InlineData("?kind=warm", "kind")]
    [InlineData("?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z", "from")]
    [InlineData("?limit=0", "limit")]
    [InlineData("?cursor=nonsense", "cursor")]
    [InlineData("?open=maybe", "open")]
    [InlineData("?agent_id=seven", "agent_id")]
    public async Task What_cannot_be_asked_is_refused_by_name(string query, string field)
    {
        using var client = app.ClientFor(tenant);
        using var refused = await client.GetAsync($"/api/v1/telemetry/events{query}");
        Assert.Equal(field, (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Single().Name);
    }

    private async Task StoreAsync(SampleBatch batch)
    {
        await app.StoreAsync([batch], tenant);
        await app.SettledAsync();
    }

    /// <summary>As if it had last been heard then, and somebody had looked.</summary>
    private async Task SilenceAsync(Host host, DateTimeOffset heard)
    {
        await app.SeeAsync<long>("update agents set last_seen_at = @heard where id = @Id returning 1", new { host.Id, heard = heard.UtcDateTime });
        await LookAsync();
    }

    private Task<int> LookAsync() => app.Services.GetRequiredService<AgentWatch>().LookAsync(reachableSince: TimeProvider.System.GetUtcNow().AddDays(-1), TestContext.Current.CancellationToken);

    /// <summary>How many have been told when somebody has looked.</summary>
    private async Task<int> LostAsync()
    {
        await app.Services.GetRequiredService<GpuWatch>().LookAsync(TestContext.Current.CancellationToken);
        return (await EventsAsync("?kind=gpu_lost")).Count;
    }

    private Task<IReadOnlyList<string>> ToldAsync(Host host) => app.RowsAsync<string>(
        "select split_part(type, '.', -1) || ' ' || (body ->> 'gpuIndex') from told where body ->> 'agentId' = @id and type ~ '(Lost|Ended)$' order by 1", new { id = host.Id.ToString() });

    private static SampleBatch Without(SampleBatch batch, int gpu)
    {
        foreach (var sample in batch.Samples.Where(sample => sample.GpuIndex == gpu).ToArray()) batch.Samples.Remove(sample);
        return batch;
    }

    private async Task<IReadOnlyList<JsonElement>> EventsAsync(string query) => [.. (await GetAsync(query)).GetProperty("data").EnumerateArray()];

    private async Task<JsonElement> GetAsync(string query)
    {
        using var client = app.ClientFor(tenant);
        return await client.GetFromJsonAsync<JsonElement>($"/api/v1/telemetry/events{query}");
    }

    private static string Text(JsonElement of, string name) => of.GetProperty(name).GetString()!;

    private static decimal Number(JsonElement of, string name) => of.GetProperty(name).GetDecimal();

    private static DateTimeOffset At(JsonElement of, string name) => of.GetProperty(name).GetDateTimeOffset();
}
