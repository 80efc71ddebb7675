using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Empire.Testing;

namespace Empire.Autopilot.Tests.Cycles;

public sealed class CycleTests(AutopilotApp app) : IClassFixture<AutopilotApp>
{
    [Fact]
    public async Task A_cycle_runs_its_seven_steps_in_order_and_shows_the_evidence_of_each()
    {
        var client = NewTenant();
        var feed = await AutopilotApp.UploadAsync(client, "a1", "a2", "a3", "a4");
        var cycle = await AutopilotApp.UntilAsync(client, await AutopilotApp.StartAsync(client, feed.GetProperty("feed_id").GetString()!), "completed");
        var steps = cycle.GetProperty("steps").EnumerateArray().ToList();
        Assert.Equal(["fetch", "rank", "select", "generate", "publish", "collect", "compute"], steps.Select(step => step.GetProperty("name").GetString()));
        Assert.All(steps, step => Assert.Equal("succeeded", step.GetProperty("state").GetString()));
        Assert.Equal(4, AutopilotApp.Step(cycle, "rank").GetProperty("evidence").GetProperty("candidates").GetInt32());
        Assert.Equal(3, AutopilotApp.Step(cycle, "select").GetProperty("evidence").GetProperty("selected").GetInt32());
        Assert.Equal(5, AutopilotApp.Step(cycle, "generate").GetProperty("evidence").GetProperty("generated").GetInt32());
        Assert.Equal(4, AutopilotApp.Step(cycle, "publish").GetProperty("evidence").GetProperty("published").GetInt32()); // the script has no channel yet
        Assert.Equal(1.25m, cycle.GetProperty("summary").GetProperty("cost").GetDecimal());
        Assert.True(steps[0].GetProperty("finished_at").GetDateTimeOffset() <= steps[6].GetProperty("started_at").GetDateTimeOffset());
    }

    [Fact]
    public async Task For_a_channel_where_the_account_may_not_publish_nothing_is_written()
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        app.Script.ClosedX = asks => asks == tenant ? "account-not-connected: none of your own." : "";
        var client = app.ClientFor(tenant);
        var feed = await AutopilotApp.UploadAsync(client, "g1", "g2", "g3");
        var cycle = await AutopilotApp.UntilAsync(client, await AutopilotApp.StartAsync(client, feed.GetProperty("feed_id").GetString()!), "completed");
        var generated = AutopilotApp.Step(cycle, "generate").GetProperty("evidence");
        Assert.Equal(4, generated.GetProperty("generated").GetInt32());
        Assert.False(generated.GetProperty("generated_by_kind").TryGetProperty("social_post", out _));
        Assert.Equal("account-not-connected: none of your own.", generated.GetProperty("closed").GetProperty("x").GetString());
    }

    [Fact]
    public async Task A_second_cycle_of_the_day_asks_for_the_same_pieces_and_publications()
    {
        var client = NewTenant();
        var feed = (await AutopilotApp.UploadAsync(client, "b1", "b2", "b3", "b4")).GetProperty("feed_id").GetString()!;
        var first = await AutopilotApp.StartAsync(client, feed);
        await AutopilotApp.UntilAsync(client, first, "completed");
        var second = await AutopilotApp.StartAsync(client, feed);
        var repeated = await AutopilotApp.UntilAsync(client, second, "completed");
        Assert.Equal(await PiecesAsync(client, first), await PiecesAsync(client, second));
        Assert.Equal(first, AutopilotApp.Step(repeated, "select").GetProperty("evidence").GetProperty("same_as").GetString());
    }

    [Fact]
    public async Task The_pieces_of_a_cycle_come_page_by_page_each_once()
    {
        var client = NewTenant();
        var feed = (await AutopilotApp.UploadAsync(client, "p1", "p2", "p3")).GetProperty("feed_id").GetString()!;
        var cycle = await AutopilotApp.StartAsync(client, feed);
        await AutopilotApp.UntilAsync(client, cycle, "completed");
        var keys = new List<string>();
        for (string? cursor = ""; cursor is not null;)
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"/api/v1/autopilot/cycles/{cycle}/pieces?limit=2{(cursor.Length > 0 ? $"&cursor={cursor}" : "")}");
            Assert.InRange(page.GetProperty("data").GetArrayLength(), 1, 2);
            keys.AddRange(page.GetProperty("data").EnumerateArray().Select(piece => piece.GetProperty("request_key").GetString()!));
            cursor = page.GetProperty("next_cursor").GetString();
        }
        Assert.Equal((5, 5), (keys.Count, keys.Distinct().Count()));
    }

    [Fact]
    public async Task A_step_that_fails_is_tried_again_and_every_attempt_is_on_record()
    {
        var client = NewTenant();
        app.Script.Failures["CollectConversions"] = 2;
        var feed = await AutopilotApp.UploadAsync(client, "c1");
        var cycle = await AutopilotApp.UntilAsync(client, await AutopilotApp.StartAsync(client, feed.GetProperty("feed_id").GetString()!), "completed");
        var collect = AutopilotApp.Step(cycle, "collect");
        Assert.Equal(3, collect.GetProperty("attempts").GetInt32());
        Assert.Equal(["failed", "failed", "succeeded"], collect.GetProperty("history").EnumerateArray().Select(attempt => attempt.GetProperty("outcome").GetString()));
        Assert.Contains("scripted to fail", collect.GetProperty("history")[0].GetProperty("error").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_step_whose_runner_fell_silent_is_taken_over_and_its_attempt_closed_as_lost()
    {
        var client = NewTenant();
        var feed = await AutopilotApp.UploadAsync(client, "d1");
        var cycle = await AutopilotApp.StartAsync(client, feed.GetProperty("feed_id").GetString()!);
        await AutopilotApp.UntilAsync(client, cycle, "completed");
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        var id = PublicId.Parse("cyc", cycle);
        await owner.ExecuteAsync(
            """
            update cycle_steps set state = 'running', leased_by = 'a dead runner', lease_until = now() - interval '1 second', finished_at = null where cycle_id = @id and name = 'collect';
            update cycle_attempts set finished_at = null, outcome = null where cycle_id = @id and ordinal = 6;
            update cycle_steps set state = 'pending' where cycle_id = @id and name = 'compute';
            update cycles set state = 'running', finished_at = null where id = @id
            """, new { id });
        var resumed = await AutopilotApp.UntilAsync(client, cycle, "completed");
        Assert.Equal(["lost", "succeeded"], AutopilotApp.Step(resumed, "collect").GetProperty("history").EnumerateArray().Select(a => a.GetProperty("outcome").GetString()));
        Assert.Equal(1, AutopilotApp.Step(resumed, "publish").GetProperty("attempts").GetInt32());   // what was done is not done again
    }

    [Fact]
    public async Task A_paused_cycle_starts_no_step_until_it_is_resumed_and_a_cancelled_one_never()
    {
        var client = NewTenant();
        app.Script.Stuck = true;
        try
        {
            var feed = (await AutopilotApp.UploadAsync(client, "e1")).GetProperty("feed_id").GetString()!;
            var cycle = await AutopilotApp.StartAsync(client, feed);
            await Eventually.TrueAsync(async () => AutopilotApp.Step(await AutopilotApp.ReadAsync(client, cycle), "generate").GetProperty("state").GetString() == "waiting");
            Assert.Equal(HttpStatusCode.OK, (await client.PostAsync($"/api/v1/autopilot/cycles/{cycle}/pause", null)).StatusCode);
            Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync($"/api/v1/autopilot/cycles/{cycle}/pause", null)).StatusCode);
            app.Script.Stuck = false;
            Assert.Equal(HttpStatusCode.OK, (await client.PostAsync($"/api/v1/autopilot/cycles/{cycle}/resume", null)).StatusCode);
            await AutopilotApp.UntilAsync(client, cycle, "completed");
            Assert.Equal(HttpStatusCode.Conflict, (await client.PostAsync($"/api/v1/autopilot/cycles/{cycle}/cancel", null)).StatusCode);

            app.Script.Stuck = true;
            app.Script.Looks.Clear();
            var other = await AutopilotApp.StartAsync(client, (await AutopilotApp.UploadAsync(client, "e2")).GetProperty("feed_id").GetString()!);
            await Eventually.TrueAsync(async () => AutopilotApp.Step(await AutopilotApp.ReadAsync(client, other), "generate").GetProperty("state").GetString() == "waiting");
            Assert.Equal(HttpStatusCode.OK, (await client.PostAsync($"/api/v1/autopilot/cycles/{other}/cancel", null)).StatusCode);
            Assert.Equal("cancelled", AutopilotApp.Step(await AutopilotApp.ReadAsync(client, other), "publish").GetProperty("state").GetString());
        }
        finally
        {
            app.Script.Stuck = false;
        }
    }

    [Fact]
    public async Task Another_tenant_sees_neither_cycle_nor_feed()
    {
        var client = NewTenant();
        var feed = (await AutopilotApp.UploadAsync(client, "f1")).GetProperty("feed_id").GetString()!;
        var cycle = await AutopilotApp.StartAsync(client, feed);
        var stranger = NewTenant();
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"/api/v1/autopilot/cycles/{cycle}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsync($"/api/v1/autopilot/cycles/{cycle}/cancel", null)).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsJsonAsync("/api/v1/autopilot/cycles", new { feed_id = feed })).StatusCode);
        Assert.Empty((await stranger.GetFromJsonAsync<JsonElement>("/api/v1/autopilot/products")).GetProperty("data").EnumerateArray());
        await AutopilotApp.UntilAsync(client, cycle, "completed"); // the stubs are shared: a cycle left running would take the faults scripted for another test
    }

    [Fact]
    public async Task Networks_out_of_reach_fail_the_fetch_with_their_reasons()
    {
        var client = NewTenant();
        using var response = await client.PostAsJsonAsync("/api/v1/autopilot/cycles", new { });
        var cycle = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("cycle_id").GetString()!;
        await Eventually.TrueAsync(async () =>
            AutopilotApp.Step(await AutopilotApp.ReadAsync(client, cycle), "fetch").GetProperty("error").GetString()?.Contains("Meadow", StringComparison.Ordinal) is true);
        await client.PostAsync($"/api/v1/autopilot/cycles/{cycle}/cancel", null);
    }

    [Fact]
    public async Task An_account_that_was_never_announced_gets_its_calendar_from_identity()
    {
        var tenant = TenantId.New(TimeProvider.System.GetUtcNow());
        var client = app.ClientFor(tenant);
        var zone = TimeZoneInfo.FindSystemTimeZoneById(Stubs.StubIdentity.Zone);
        var before = Today();
        var cycle = await AutopilotApp.StartAsync(client, (await AutopilotApp.UploadAsync(client, "k1")).GetProperty("feed_id").GetString()!);
        var day = DateOnly.Parse((await AutopilotApp.ReadAsync(client, cycle)).GetProperty("day").GetString()!);
        Assert.InRange(day, before, Today());
        await using var owner = await app.TestDatabase.OpenAsOwnerAsync();
        Assert.Equal((Stubs.StubIdentity.Zone, day.AddDays(1)), await owner.QuerySingleAsync<(string, DateOnly)>("select time_zone, next_day from schedules where tenant_id = @Value", tenant));
        await AutopilotApp.UntilAsync(client, cycle, "completed"); // as above

        DateOnly Today() => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(TimeProvider.System.GetUtcNow(), zone).DateTime);
    }

    [Fact]
    public Task Every_table_of_a_tenant_forces_row_level_security() => TenantTables.AssertIsolatedAsync(app.TestDatabase);

    private static async Task<List<string?>> PiecesAsync(HttpClient client, string cycle) =>
        [.. (await client.GetFromJsonAsync<JsonElement>($"/api/v1/autopilot/cycles/{cycle}/pieces")).GetProperty("data").EnumerateArray()
            .Select(piece => $"{piece.GetProperty("piece_id")} {string.Join(' ', piece.GetProperty("publications").EnumerateArray().Select(p => p.GetProperty("publication_id")))}")
            .Order(StringComparer.Ordinal)];

    private HttpClient NewTenant() => app.ClientFor(TenantId.New(TimeProvider.System.GetUtcNow()));
}
