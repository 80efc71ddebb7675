using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Contracts;
using Empire.Http;
using Empire.Telemetry.Agents;
using Empire.Telemetry.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Telemetry.Tests.Fleet;

/// <summary>What people ask about their GPUs, each test with an account of its own.</summary>
public sealed class FleetTests(TelemetryApp app) : IClassFixture<TelemetryApp>
{
    private static readonly DateTimeOffset Now = TimeProvider.System.GetUtcNow();
    private readonly TenantId tenant = TenantId.New(Now);
    private HttpClient Client => app.ClientFor(tenant);

    [Fact]
    public async Task Now_is_the_last_sample_of_each_gpu_and_who_is_silent_counts_in_no_sum()
    {
        await StoreAsync(new Host("busy", gpus: 2), TimeProvider.System.GetUtcNow().AddMinutes(2), 6, (gpu, _) => gpu == 0 ? 90 : 0);
        await StoreAsync(new Host("silent"), Now.AddHours(-5), 6, (_, _) => 50);
        using var client = Client;
        var now = await GetAsync("/api/v1/telemetry/current");
        Assert.Equal((2, 45m, 6.12m, 3.06m, 4406.40m, 2203.20m), (now.GetProperty("gpus_monitored").GetInt32(), Number(now, "average_util"), Number(now, "hourly_cost"), Number(now, "potential_hourly_savings"),
            Number(now, "monthly_projection"), Number(now, "monthly_savings")));
        Assert.Equal([("busy", 0, false, 90m), ("busy", 1, false, 0m), ("silent", 0, true, 50m)],
            now.GetProperty("gpus").EnumerateArray().Select(gpu => (gpu.GetProperty("hostname").GetString()!, gpu.GetProperty("gpu_index").GetInt32(), gpu.GetProperty("stale").GetBoolean(), Number(gpu, "gpu_util"))));
    }

    [Theory]
    [InlineData("hours=5", "1m")]
    [InlineData("hours=30", "1h")]
    [InlineData("hours=800", "1d")]
    [InlineData("hours=5&step=1h", "1h")]
    public async Task History_takes_the_step_that_fits_its_period(string asked, string step)
    {
        var start = new DateTimeOffset(Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-1).AddHours(3);
        await StoreAsync(new Host(), start, 360, (_, n) => n < 180 ? 20 : 60); // an hour
        var hours = int.Parse(asked.Split('&')[0]["hours=".Length..], System.Globalization.CultureInfo.InvariantCulture);
        var history = await GetAsync($"/api/v1/telemetry/history?from={start.AddHours(-1):yyyy-MM-ddTHH:mm:ssZ}&to={start.AddHours(hours - 1):yyyy-MM-ddTHH:mm:ssZ}&{string.Join('&', asked.Split('&').Skip(1))}");
        Assert.Equal(step, history.GetProperty("step").GetString());
        var points = history.GetProperty("points").EnumerateArray().ToArray();
        Assert.Equal(step == "1m" ? 60 : 1, points.Length);
        Assert.Equal((360L, 3.06m), (points.Sum(point => point.GetProperty("samples").GetInt64()), points.Sum(point => Number(point, "cost"))));
        Assert.Equal(40m, points.Average(point => Number(point, "gpu_util")));
    }

    [Theory]
    [InlineData("free", 3, 2, null, "1m", null)]
    [InlineData("free", 10, 2, null, "1h", null)]
    [InlineData("free", 29, 2, null, "1d", null)]
    [InlineData("professional", 10, 2, null, "1m", null)]
    [InlineData("free", 10, 2, "1m", "1m", "Points of 1m are kept for 7 days in the tier free")]
    [InlineData("free", 29, 2, "1h", "1h", "Points of 1h are kept for 28 days in the tier free")]
    public async Task History_takes_a_step_that_the_tier_still_keeps_or_says_that_it_is_gone(string tier, int daysAgo, int hours, string? asked, string step, string? note)
    {
        var from = new DateTimeOffset(Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-daysAgo).AddHours(12);
        using var stream = app.Client().Stream(new Grpc.Core.Metadata { { CallerToken.Header, app.Services.GetRequiredService<CallerToken>().Sign(new(tenant, "key:test", "owner", Tier: tier)) } });
        await TelemetryApp.SendAsync(stream, new Host().Batch(from, 360, (_, _) => 50));
        await app.SettledAsync();
        await app.Services.GetRequiredService<Retention>().SweepAsync(TestContext.Current.CancellationToken);
        var history = await GetAsync($"/api/v1/telemetry/history?from={from:yyyy-MM-ddTHH:mm:ssZ}&to={from.AddHours(hours):yyyy-MM-ddTHH:mm:ssZ}{(asked is null ? "" : $"&step={asked}")}");
        Assert.Equal(step, history.GetProperty("step").GetString());
        var samples = history.GetProperty("points").EnumerateArray().Sum(point => point.GetProperty("samples").GetInt64());
        if (note is null) Assert.Equal((360L, JsonValueKind.Null), (samples, history.GetProperty("note").ValueKind));
        else Assert.StartsWith(note, history.GetProperty("note").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task History_refuses_a_period_that_ends_before_it_begins_and_more_points_than_anyone_reads()
    {
        using var client = Client;
        Assert.Equal("from", await FieldAsync(client, "/api/gpu/history?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z"));
        Assert.Equal("step", await FieldAsync(client, "/api/gpu/history?from=2026-01-01T00:00:00Z&to=2026-03-01T00:00:00Z&step=1m"));
        Assert.Equal("step", await FieldAsync(client, "/api/gpu/history?step=5m"));
    }

    [Fact]
    public async Task The_fleet_is_summed_by_provider_card_and_team_with_its_emissions_and_the_worst_first()
    {
        var (research, render) = (new Host("research"), new Host("render", gpus: 2, gpuName: "NVIDIA L4", provider: "gcp"));
        research.Tags.Labels["team"] = "research";
        render.Tags.Region = "us-central1";
        await StoreAsync(research, Now.AddHours(-2), 360, (_, _) => 5);   // an hour, nearly idle
        await StoreAsync(render, Now.AddHours(-2), 360, (_, _) => 90);
        var fleet = await GetAsync("/api/v1/telemetry/fleet");
        Assert.Equal((3m, 4.46m, 2.907m), (Number(fleet, "gpu_hours"), Number(fleet, "cost"), Number(fleet, "wasted")));
        Assert.Equal([("research", 3.06m), ("unassigned", 1.40m)], Shares(fleet, "by_team"));
        Assert.Equal([("aws", 3.06m), ("gcp", 1.40m)], Shares(fleet, "by_provider"));
        var worst = fleet.GetProperty("top_wasters").EnumerateArray().First();
        Assert.Equal(("research", 2.907m, 1m), (worst.GetProperty("hostname").GetString(), Number(worst, "wasted"), Number(worst, "idle_hours")));
        Assert.Single(fleet.GetProperty("top_wasters").EnumerateArray());
        // 200.5 W for an hour each: one at AWS in us-east-1, two at Google in Iowa.
        var emissions = fleet.GetProperty("emissions");
        Assert.Equal((0.6015m, decimal.Round(0.2005m * 0.379069m + 0.401m * 0.41272m, 6)), (Number(emissions, "energy_kwh"), Number(emissions, "co2e_kg")));
        Assert.Equal(2, fleet.GetProperty("agents").GetArrayLength());
    }

    [Fact]
    public async Task A_job_is_shown_over_all_its_gpus_and_nobodys_job_is_not_found()
    {
        await StoreAsync(new Host("one"), Now.AddHours(-2), 180, (_, _) => 90, "train-7");
        await StoreAsync(new Host("two"), Now.AddHours(-2), 180, (_, _) => 90, "train-7");
        await StoreAsync(new Host("three"), Now.AddHours(-2), 180, (_, _) => 0);
        var job = await GetAsync("/api/v1/telemetry/jobs/train-7");
        Assert.Equal((1m, 3.06m, 0.2005m), (Number(job.GetProperty("total"), "gpu_hours"), Number(job.GetProperty("total"), "cost"), Number(job.GetProperty("total"), "energy_kwh")));
        Assert.Equal(["one", "two"], job.GetProperty("gpus").EnumerateArray().Select(gpu => gpu.GetProperty("hostname").GetString()).Order());
        Assert.Equal(decimal.Round(0.2005m * 0.379069m, 6), Number(job.GetProperty("emissions"), "co2e_kg"));
        var all = await GetAsync("/api/v1/telemetry/jobs");
        Assert.Equal((4.59m, 4.59m), (Number(all, "cost"), all.GetProperty("jobs").EnumerateArray().Sum(one => Number(one, "cost")))); // jobs and nobody are the hosts' cost
        using var client = Client;
        Assert.Equal(HttpStatusCode.NotFound, (await client.GetAsync("/api/v1/telemetry/jobs/train-8")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await app.ClientFor(TenantId.New(Now)).GetAsync("/api/v1/telemetry/jobs/train-7")).StatusCode);
    }

    [Fact]
    public async Task Advice_is_given_with_money_and_evidence_and_a_busy_fleet_gets_none()
    {
        var (idle, busy) = (new Host("idle", interval: 300), new Host("busy", interval: 300));
        await StoreAsync(idle, Now.AddDays(-7), 7 * 288, (_, _) => 1);
        var advice = await GetAsync("/api/v1/telemetry/recommendations");
        var shut = Assert.Single(advice.GetProperty("recommendations").EnumerateArray());
        Assert.Equal(("shut_down", 2203.20m, "medium"), (shut.GetProperty("kind").GetString(), Number(shut, "monthly_savings"), shut.GetProperty("confidence").GetString()));
        Assert.NotEmpty(shut.GetProperty("evidence").GetString()!);
        var other = TenantId.New(Now);
        await app.StoreAsync([busy.Batch(Now.AddDays(-8), 7 * 288, (_, _) => 85)], other);
        await app.SettledAsync();
        using var client = app.ClientFor(other);
        Assert.Empty((await client.GetFromJsonAsync<JsonElement>("/api/v1/telemetry/recommendations")).GetProperty("recommendations").EnumerateArray());
    }

    [Fact]
    public async Task Hosts_without_a_name_and_cards_without_a_uuid_are_series_of_their_own()
    {
        Host[] hosts = [new(""), new("")];
        foreach (var host in hosts) await app.StoreAsync([host.Batch(Now.AddSeconds(-5), 1, (_, _) => 50, (sample, _, _) => sample.GpuUuid = "")], tenant);
        await app.SettledAsync();
        using var client = Client;
        var series = (await client.GetStringAsync("/api/v1/telemetry/metrics")).Split('\n').Where(line => line.StartsWith("DCGM_FI_DEV_GPU_UTIL{", StringComparison.Ordinal)).ToArray();
        Assert.Equal(2, series.Distinct().Count());
        Assert.All(hosts, host => Assert.Single(series, line => line.Contains($"agent_id=\"{host.Id}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task Jobs_are_read_page_by_page_and_jobs_and_fleet_of_a_period()
    {
        var (host, then) = (new Host("worker"), new DateTimeOffset(Now.UtcDateTime.Date.AddDays(-20).AddHours(12), TimeSpan.Zero));
        await StoreAsync(host, then, 6, (_, _) => 90, "old");
        var jobs = Enumerable.Range(0, 5).Select(n => $"job-{n}").ToArray();
        foreach (var (n, job) in jobs.Index()) await StoreAsync(host, Now.AddHours(-2).AddMinutes(10 * n), n < 3 ? 6 : 12, (_, _) => 90, job); // three cost the same
        var (seen, cursor) = (new List<string>(), "");
        do
        {
            var page = await GetAsync($"/api/v1/telemetry/jobs?limit=2{cursor}");
            Assert.Equal(0.408m, Number(page, "cost"));
            seen.AddRange(page.GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("job_id").GetString()!));
            cursor = page.GetProperty("next_cursor").GetString() is { } next ? $"&cursor={next}" : null;
        }
        while (cursor is not null);
        Assert.Equal(["job-3", "job-4", "job-0", "job-1", "job-2", "old"], seen);
        var (day, week) = ($"{then:yyyy-MM-dd}", $"{Now.AddDays(-7):yyyy-MM-dd}");
        Assert.Equal(["old"], (await GetAsync($"/api/v1/telemetry/jobs?from={day}&to={day}")).GetProperty("jobs").EnumerateArray().Select(job => job.GetProperty("job_id").GetString()));
        Assert.Equal(0.357m, Number(await GetAsync($"/api/v1/telemetry/jobs?from={week}"), "cost"));
        Assert.Equal((8, 0.357m), ((await GetAsync($"/api/v1/telemetry/fleet?from={week}&to={Now:yyyy-MM-dd}")).GetProperty("days").GetInt32(), Number(await GetAsync($"/api/v1/telemetry/fleet?from={week}&to={Now:yyyy-MM-dd}"), "cost")));
        var old = await GetAsync($"/api/v1/telemetry/fleet?from={day}&to={day}");
        Assert.Equal((1, day, 0.051m), (old.GetProperty("days").GetInt32(), old.GetProperty("to").GetString(), Number(old, "cost")));
        Assert.Equal((30, 0.408m), ((await GetAsync("/api/v1/telemetry/fleet")).GetProperty("days").GetInt32(), Number(await GetAsync("/api/v1/telemetry/fleet"), "cost")));
        using var client = Client;
        Assert.Equal("from", await FieldAsync(client, "/api/v1/telemetry/jobs?from=2026-03-02&to=2026-03-01"));
        Assert.Equal("from", await FieldAsync(client, "/api/v1/telemetry/fleet?from=2026-03-02&to=2026-03-01"));
        Assert.Equal("cursor", await FieldAsync(client, "/api/v1/telemetry/jobs?cursor=nonsense"));
    }

    [Fact]
    public async Task A_price_says_which_line_of_the_book_it_is_from_and_when_it_is_another_regions()
    {
        Host[] hosts = [new("a-home"), new("b-frankfurt"), new("c-own"), new("d-spot")];
        hosts[1].Tags.Region = "eu-central-1";
        hosts[3].Tags.Spot = true;
        foreach (var host in hosts)
            await app.StoreAsync([host.Batch(Now.AddSeconds(-5), 1, (_, _) => 50, (sample, _, _) => { if (host == hosts[2]) sample.CostPerHour = new() { Micros = 1_500_000, Currency = "USD" }; })], tenant);
        await app.SettledAsync();
        var gpus = (await GetAsync("/api/v1/telemetry/current")).GetProperty("gpus").EnumerateArray().ToArray();
        Assert.Equal(["book p3.2xlarge us-east-1 2026-11-21 false false", "book p3.2xlarge us-east-1 2026-11-21 false true", "host null null null null null", "book p3.2xlarge us-east-1 2026-11-21 true false"],
            gpus.Select(gpu => string.Join(' ', new[] { "kind", "instance_type", "region", "read_on", "spot", "another_region" }.Select(name => gpu.GetProperty("price").GetProperty(name).GetRawText().Trim('"')))));
        Assert.Equal(["A and G; spot from skypilot-catalog v9 (G)", null, "skypilot-catalog v9 (G)"], new[] { 0, 2, 3 }.Select(n => gpus[n].GetProperty("price").GetProperty("source").GetString()));
        Assert.Equal([null, "The price is that of us-east-1: none is known for eu-central-1; send cost_per_hour.", null, null], gpus.Select(gpu => gpu.GetProperty("note").GetString()));

        var book = await GetAsync("/api/v1/telemetry/prices?provider=aws&gpu=v100");
        var line = Assert.Single(book.GetProperty("prices").EnumerateArray());
        Assert.Equal((3.06m, 0.3764m, "2026-01-22"), (Number(line, "on_demand"), Number(line, "spot"), line.GetProperty("spot_since").GetString()));
        Assert.Contains(book.GetProperty("notes").EnumerateArray(), note => note.GetString()!.StartsWith("G = skypilot-catalog", StringComparison.Ordinal)); // what the letters mean
        var none = Assert.Single((await GetAsync("/api/v1/telemetry/prices?region=US-CENTRAL1&gpu=L4")).GetProperty("prices").EnumerateArray());
        Assert.Equal((JsonValueKind.Null, JsonValueKind.Null), (none.GetProperty("spot").ValueKind, none.GetProperty("spot_since").ValueKind));
    }

    [Fact]
    public async Task An_agent_from_which_nothing_comes_is_told_once_and_again_after_it_came_back()
    {
        var host = new Host("lost", interval: 10);
        await StoreAsync(host, Now.AddMinutes(-10), 1, (_, _) => 50);
        await LookAsync();
        Assert.Equal(0, await ToldAsync(host)); // it has just reported
        await SilenceAsync(host, minutes: 3);
        await LookAsync();
        await LookAsync();
        Assert.Equal(1, await ToldAsync(host));
        Assert.Equal(JsonValueKind.String, await SilentSinceAsync(host));
        await StoreAsync(host, Now.AddMinutes(-5), 1, (_, _) => 50);
        await LookAsync();
        Assert.Equal((1, JsonValueKind.Null), (await ToldAsync(host), await SilentSinceAsync(host)));
        await SilenceAsync(host, minutes: 3);
        await LookAsync();
        Assert.Equal(2, await ToldAsync(host));
    }

    [Fact]
    public async Task Nobody_is_lost_for_what_they_could_not_report()
    {
        var host = new Host("cut off", interval: 10);
        await StoreAsync(host, Now.AddMinutes(-30), 1, (_, _) => 50);
        await SilenceAsync(host, minutes: 20);
        await LookAsync(reachableFor: TimeSpan.Zero);              // this service has just started
        await LookAsync(reachableFor: TimeSpan.FromMinutes(6.5));  // five minutes that an agent may wait before it tries again, and not yet two without a word
        Assert.Equal(0, await ToldAsync(host));
        await LookAsync(reachableFor: TimeSpan.FromMinutes(7.5));
        Assert.Equal(1, await ToldAsync(host));
    }

    [Fact]
    public async Task An_agent_with_long_intervals_is_given_twelve_of_them()
    {
        var host = new Host("slow", interval: 300);
        await StoreAsync(host, Now.AddMinutes(-10), 1, (_, _) => 50);
        await SilenceAsync(host, minutes: 59);
        await LookAsync();
        Assert.Equal(0, await ToldAsync(host));
        await SilenceAsync(host, minutes: 61);
        await LookAsync();
        Assert.Equal(1, await ToldAsync(host));
    }

    private async Task StoreAsync(Host host, DateTimeOffset from, int samples, Func<int, int, double> util, string job = "")
    {
        await app.StoreAsync([host.Batch(from, samples, util, (sample, _, _) => sample.JobId = job)], tenant);
        await app.SettledAsync();
    }

    private async Task<JsonElement> GetAsync(string path)
    {
        using var client = Client;
        return await client.GetFromJsonAsync<JsonElement>(path);
    }

    private Task<int> LookAsync(TimeSpan? reachableFor = null) =>
        app.Services.GetRequiredService<AgentWatch>().LookAsync(reachableSince: TimeProvider.System.GetUtcNow() - (reachableFor ?? TimeSpan.FromDays(1)), TestContext.Current.CancellationToken);

    private Task<long> ToldAsync(Host host) => app.SeeAsync<long>("select count(*) from told where type = @type and body ->> 'agentId' = @id", new { type = typeof(AgentLost).FullName, id = host.Id.ToString() });

    /// <summary>As if it had last been heard so long ago.</summary>
    private Task SilenceAsync(Host host, int minutes) => app.SeeAsync<long>("update agents set last_seen_at = now() - @minutes * interval '1 minute' where id = @Id returning 1", new { host.Id, minutes });

    private async Task<JsonValueKind> SilentSinceAsync(Host host) =>
        (await GetAsync("/api/v1/telemetry/fleet")).GetProperty("agents").EnumerateArray().Single(agent => agent.GetProperty("agent_id").GetGuid() == host.Id).GetProperty("silent_since").ValueKind;

    private static async Task<string> FieldAsync(HttpClient client, string path) =>
        (await (await client.GetAsync(path)).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("errors").EnumerateObject().Single().Name;

    private static decimal Number(JsonElement from, string name) => from.GetProperty(name).GetDecimal();

    private static IEnumerable<(string, decimal)> Shares(JsonElement fleet, string by) => fleet.GetProperty(by).EnumerateArray().Select(share => (share.GetProperty("name").GetString()!, Number(share, "cost")));
}
