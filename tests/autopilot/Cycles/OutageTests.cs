using System.Net;
using System.Text.Json;
using Empire.Testing;
using Grpc.Core;

namespace Empire.Autopilot.Tests.Cycles;

/// <summary>On a clock that the test moves; each test has an installation of its own.</summary>
public sealed class PatientApp : AutopilotApp
{
    public override TestClock Clock { get; } = new();

    protected override IEnumerable<KeyValuePair<string, string>> Settings => [.. base.Settings, new("Autopilot:Cycles:Lease", "00:10:00")]; // the test's time runs faster than a busy machine works

    /// <summary>Moves the clock, a step at a time, until the fact holds.</summary>
    public Task MovingAsync(TimeSpan step, Func<Task<bool>> fact) => Eventually.TrueAsync(async () =>
    {
        if (await fact()) return true;
        Clock.Advance(step);
        return false;
    });
}

/// <summary>What a cycle bears: neighbours that are away for long, errors now and then, and a person who puts right what made it fail.</summary>
public sealed class OutageTests
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1), Minutes = TimeSpan.FromMinutes(5);

    [Fact]
    public async Task A_neighbour_that_is_away_for_an_hour_is_waited_for()
    {
        await using var app = await StartAsync();
        using var client = app.OwnerClient();
        app.Script.Failures["CollectConversions"] = 20; // eight used to be the end, after two minutes
        var cycle = await RunAsync(client, "a1");
        var began = app.Clock.GetUtcNow();
        await app.MovingAsync(Minutes, async () => await StateAsync(client, cycle) == "completed");
        var collect = AutopilotApp.Step(await AutopilotApp.ReadAsync(client, cycle), "collect");
        Assert.Equal(21, collect.GetProperty("attempts").GetInt32());
        Assert.True(app.Clock.GetUtcNow() - began > TimeSpan.FromMinutes(50), $"{app.Clock.GetUtcNow() - began}");
    }

    [Fact]
    public async Task A_neighbour_that_stays_away_fails_the_cycle_in_the_end_and_a_person_resumes_it_where_it_failed()
    {
        await using var app = await StartAsync();
        using var client = app.OwnerClient();
        app.Script.Failures["CollectConversions"] = 1_000;
        var cycle = await RunAsync(client, "b1");
        var began = app.Clock.GetUtcNow();
        await app.MovingAsync(Minutes, async () => await StateAsync(client, cycle) == "failed");
        Assert.InRange(app.Clock.GetUtcNow() - began, TimeSpan.FromHours(6), TimeSpan.FromHours(8));
        var failed = await AutopilotApp.ReadAsync(client, cycle);
        Assert.Contains("scripted to fail", failed.GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.Equal("cancelled", AutopilotApp.Step(failed, "compute").GetProperty("state").GetString());
        var published = AutopilotApp.Step(failed, "publish").GetProperty("attempts").GetInt32(); // more than one where the clock ran ahead of an answer

        app.Script.Failures.Clear();
        using (var resumed = await client.PostAsync($"/api/v1/autopilot/cycles/{cycle}/resume", null)) Assert.Equal(HttpStatusCode.OK, resumed.StatusCode);
        await app.MovingAsync(Second, async () => await StateAsync(client, cycle) == "completed");
        var completed = await AutopilotApp.ReadAsync(client, cycle);
        Assert.Equal(JsonValueKind.Null, completed.GetProperty("error").ValueKind);
        Assert.Equal(published, AutopilotApp.Step(completed, "publish").GetProperty("attempts").GetInt32()); // what was done is not done again
        Assert.Equal("succeeded", AutopilotApp.Step(completed, "compute").GetProperty("state").GetString());
    }

    [Fact]
    public async Task Errors_that_do_not_follow_each_other_do_not_add_up()
    {
        await using var app = await StartAsync();
        using var client = app.OwnerClient();
        (app.Script.Stuck, app.Script.FailsWith) = (true, StatusCode.Internal);
        var cycle = await RunAsync(client, "c1");
        for (var blip = 1; blip <= 10; blip++)
        {
            await app.MovingAsync(Second, async () => (await GenerateAsync()).GetProperty("state").GetString() == "waiting");
            app.Script.Failures["RequestPieces"] = 1;
            await app.MovingAsync(Second, async () => (await GenerateAsync()).GetProperty("attempts").GetInt32() == blip + 1);
        }
        app.Script.Stuck = false;
        await app.MovingAsync(Second, async () => await StateAsync(client, cycle) == "completed");
        Assert.Equal(10, (await GenerateAsync()).GetProperty("history").EnumerateArray().Count(attempt => attempt.GetProperty("outcome").GetString() == "failed"));

        async Task<JsonElement> GenerateAsync() => AutopilotApp.Step(await AutopilotApp.ReadAsync(client, cycle), "generate");
    }

    [Fact]
    public async Task Eight_errors_in_a_row_are_the_end_until_a_person_resumes_it()
    {
        await using var app = await StartAsync();
        using var client = app.OwnerClient();
        app.Script.FailsWith = StatusCode.Internal;
        app.Script.Failures["PlanPublications"] = 8;
        var cycle = await RunAsync(client, "d1");
        await app.MovingAsync(Second * 10, async () => await StateAsync(client, cycle) == "failed");
        Assert.Equal(8, AutopilotApp.Step(await AutopilotApp.ReadAsync(client, cycle), "publish").GetProperty("attempts").GetInt32());
        using (var viewer = app.ClientFor(app.Tenant, "viewer")) Assert.Equal(HttpStatusCode.Forbidden, (await viewer.PostAsync($"/api/v1/autopilot/cycles/{cycle}/resume", null)).StatusCode);
        using (var resumed = await client.PostAsync($"/api/v1/autopilot/cycles/{cycle}/resume", null)) Assert.Equal(HttpStatusCode.OK, resumed.StatusCode);
        await app.MovingAsync(Second, async () => await StateAsync(client, cycle) == "completed");
    }

    [Fact]
    public async Task Of_a_hundred_transient_failures_at_least_ninety_heal_by_themselves()
    {
        await using var app = await StartAsync();
        string[] methods = ["ListChannels", "RequestPieces", "PlanPublications", "CollectConversions", "ComputeReturns"];
        foreach (var method in methods) app.Script.Failures[method] = 20;
        var cycles = new List<(HttpClient Client, string Cycle)>();
        for (var i = 0; i < 10; i++)
        {
            var client = app.ClientFor(TenantId.New(TimeProvider.System.GetUtcNow()));
            cycles.Add((client, await RunAsync(client, $"e{i}")));
        }
        await app.MovingAsync(Second, async () => (await Task.WhenAll(cycles.Select(c => StateAsync(c.Client, c.Cycle)))).All(state => state is "completed" or "failed"));
        var steps = (await Task.WhenAll(cycles.Select(c => AutopilotApp.ReadAsync(c.Client, c.Cycle)))).SelectMany(cycle => cycle.GetProperty("steps").EnumerateArray()).ToList();
        Assert.Equal(100, Failures(steps));
        Assert.InRange(Failures(steps.Where(step => step.GetProperty("state").GetString() == "succeeded")), 90, 100);

        static int Failures(IEnumerable<JsonElement> steps) => steps.Sum(step => step.GetProperty("history").EnumerateArray().Count(attempt => attempt.GetProperty("outcome").GetString() == "failed"));
    }

    [Fact]
    public async Task The_eleventh_cycle_waits_until_one_of_ten_has_ended()
    {
        await using var app = await StartAsync();
        app.Script.Stuck = true;
        var cycles = new List<(HttpClient Client, string Cycle)>();
        for (var i = 0; i < 11; i++)
        {
            var client = app.ClientFor(TenantId.New(TimeProvider.System.GetUtcNow()));
            cycles.Add((client, await RunAsync(client, $"f{i}")));
        }
        await app.MovingAsync(Second, async () => await CountAsync("running") == 10 && await WaitingAsync() == 10);
        for (var i = 0; i < 10; i++) app.Clock.Advance(Second); // nothing admits it in the meantime
        Assert.Equal((10, 1), (await CountAsync("running"), await CountAsync("queued")));
        var first = (await Task.WhenAll(cycles.Select(async c => (c, State: await StateAsync(c.Client, c.Cycle))))).First(seen => seen.State == "running").c;
        (await first.Client.PostAsync($"/api/v1/autopilot/cycles/{first.Cycle}/cancel", null)).EnsureSuccessStatusCode();
        await app.MovingAsync(Second, async () => await CountAsync("running") == 10 && await CountAsync("queued") == 0);

        async Task<int> CountAsync(string state) => (await Task.WhenAll(cycles.Select(c => StateAsync(c.Client, c.Cycle)))).Count(seen => seen == state);
        async Task<int> WaitingAsync() => (await Task.WhenAll(cycles.Select(c => AutopilotApp.ReadAsync(c.Client, c.Cycle)))).Count(cycle => AutopilotApp.Step(cycle, "generate").GetProperty("state").GetString() == "waiting");
    }

    private static async Task<string> RunAsync(HttpClient client, string product) =>
        await AutopilotApp.StartAsync(client, (await AutopilotApp.UploadAsync(client, product)).GetProperty("feed_id").GetString()!);

    private static async Task<string?> StateAsync(HttpClient client, string cycle) => (await AutopilotApp.ReadAsync(client, cycle)).GetProperty("state").GetString();

    private static async Task<PatientApp> StartAsync()
    {
        var app = new PatientApp();
        await app.InitializeAsync();
        return app;
    }
}
