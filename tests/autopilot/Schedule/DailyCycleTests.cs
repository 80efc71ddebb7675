using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Dapper;
using Empire.Contracts;
using Empire.Testing;

namespace Empire.Autopilot.Tests.Schedule;

/// <summary>On a clock that starts at 2026-03-02 08:00 UTC; the test's tenant runs the installation.</summary>
public sealed class ScheduleApp : AutopilotApp
{
    public override TestClock Clock { get; } = new();

    protected override TenantId? RunsInstallation => Tenant;

    /// <summary>As identity tells of a new account.</summary>
    public async Task CreatedAsync(TenantId tenant, string zone, string tier = "free")
    {
        await using (var work = await Database.BeginAsync(tenant, CancellationToken.None))
        {
            work.Publish(new TenantCreated { TenantId = tenant.Value, Name = "An account", TimeZone = zone, Tier = tier, Operator = tenant == Tenant, OccurredAt = Clock.GetUtcNow() });
            await work.CommitAsync(CancellationToken.None);
        }
        await Eventually.EqualAsync(1, () => CountAsync("select count(*)::int from schedules where tenant_id = @tenant", tenant));
    }

    public async Task<int> CountAsync(string sql, TenantId tenant)
    {
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        return await owner.QuerySingleAsync<int>(sql, new { tenant = tenant.Value });
    }

    /// <summary>The days for which a cycle started by itself, in order.</summary>
    public async Task<string> NightsAsync(TenantId tenant)
    {
        await using var owner = await TestDatabase.OpenAsOwnerAsync();
        return string.Join(' ', await owner.QueryAsync<string>("select to_char(day, 'MM-DD') from cycles where tenant_id = @Value and trigger = 'schedule' order by day", tenant));
    }

    public void AdvanceTo(string time) => Clock.Advance(DateTimeOffset.Parse(time, System.Globalization.CultureInfo.InvariantCulture) - Clock.GetUtcNow());
}

public sealed class DailyCycleTests
{
    private const string Schedule = "/api/v1/autopilot/schedule";

    [Fact]
    public async Task Of_two_accounts_only_the_one_that_runs_the_installation_has_nightly_cycles_by_itself()
    {
        await using var app = await StartAsync();
        var customer = TenantId.New(TimeProvider.System.GetUtcNow());
        await app.CreatedAsync(customer, "UTC", "enterprise"); // may have them, and has not asked
        await app.CreatedAsync(app.Tenant, "UTC", "enterprise");
        app.AdvanceTo("2026-03-03T00:01:00Z");
        await Eventually.EqualAsync("03-03", () => app.NightsAsync(app.Tenant));
        app.AdvanceTo("2026-03-04T00:01:00Z");
        await Eventually.EqualAsync("03-03 03-04", () => app.NightsAsync(app.Tenant));
        Assert.Equal("", await app.NightsAsync(customer));
    }

    [Fact]
    public async Task A_cycle_starts_at_midnight_of_the_accounts_own_zone_and_not_before()
    {
        await using var app = await StartAsync();
        await app.CreatedAsync(app.Tenant, "America/New_York");
        var (marker, client) = (TenantId.New(TimeProvider.System.GetUtcNow()), app.OwnerClient());
        await app.CreatedAsync(marker, "UTC");
        using (var on = await app.ClientFor(marker, tier: "professional").PutAsJsonAsync(Schedule, new { enabled = true })) Assert.Equal(HttpStatusCode.OK, on.StatusCode);
        app.AdvanceTo("2026-03-03T04:59:00Z"); // a minute before midnight in New York
        await Eventually.EqualAsync("03-03", () => app.NightsAsync(marker)); // the look has been
        Assert.Equal("", await app.NightsAsync(app.Tenant));
        Assert.Equal("2026-03-03", (await client.GetFromJsonAsync<JsonElement>(Schedule)).GetProperty("next_day").GetString());
        app.AdvanceTo("2026-03-03T05:00:30Z");
        await Eventually.EqualAsync("03-03", () => app.NightsAsync(app.Tenant));
    }

    [Fact]
    public async Task After_nights_that_were_slept_through_the_days_cycle_starts_once_and_over_replicas_once_too()
    {
        await using var app = await StartAsync();
        await app.CreatedAsync(app.Tenant, "UTC");
        await using var replica = app.WithWebHostBuilder(_ => { });
        _ = replica.Server; // starts it, on the same clock and database
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync()) await owner.ExecuteAsync("update schedules set next_day = '2026-02-27'"); // nobody looked since then
        app.Clock.Advance(TimeSpan.FromSeconds(20));
        await Eventually.EqualAsync("03-02", () => app.NightsAsync(app.Tenant));
        app.AdvanceTo("2026-03-02T23:00:00Z");
        Assert.Equal("03-02", await app.NightsAsync(app.Tenant));
        app.AdvanceTo("2026-03-03T00:00:30Z");
        await Eventually.EqualAsync("03-02 03-03", () => app.NightsAsync(app.Tenant));
        app.AdvanceTo("2026-03-04T00:00:30Z");
        await Eventually.EqualAsync("03-02 03-03 03-04", () => app.NightsAsync(app.Tenant));
    }

    [Fact]
    public async Task An_account_turns_its_nights_on_and_off_within_its_tier()
    {
        await using var app = await StartAsync();
        var customer = TenantId.New(TimeProvider.System.GetUtcNow());
        await app.CreatedAsync(customer, "UTC");
        using var free = app.ClientFor(customer, tier: "free");
        using var refused = await free.PutAsJsonAsync(Schedule, new { enabled = true });
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal("TIER_LIMIT_EXCEEDED", (await refused.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("code").GetString());
        Assert.Equal((false, false), await ShownAsync(free));

        using var professional = app.ClientFor(customer, tier: "professional");
        Assert.Equal((false, true), await ShownAsync(professional));
        using (var on = await professional.PutAsJsonAsync(Schedule, new { enabled = true })) Assert.Equal("2026-03-03", (await on.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("next_day").GetString());
        app.AdvanceTo("2026-03-03T00:00:30Z");
        await Eventually.EqualAsync("03-03", () => app.NightsAsync(customer));

        // Fallen to free, it has no nights, though it has not turned them off.
        await using (var work = await app.Database.BeginAsync(customer, CancellationToken.None))
        {
            work.Publish(new TierChanged { TenantId = customer.Value, Tier = "free", Before = "professional", OccurredAt = app.Clock.GetUtcNow() });
            await work.CommitAsync(CancellationToken.None);
        }
        await Eventually.EqualAsync(1, () => app.CountAsync("select count(*)::int from schedules where tenant_id = @tenant and tier = 'free'", customer));
        await app.CreatedAsync(app.Tenant, "UTC");
        app.AdvanceTo("2026-03-04T00:00:30Z");
        await Eventually.EqualAsync("03-04", () => app.NightsAsync(app.Tenant)); // the look has been
        Assert.Equal("03-03", await app.NightsAsync(customer));

        // Turned off, the operator's account has none either; a member may not turn it.
        using var own = app.OwnerClient();
        using (var off = await own.PutAsJsonAsync(Schedule, new { enabled = false })) Assert.Equal(JsonValueKind.Null, (await off.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("next_day").ValueKind);
        using (var member = await app.ClientFor(app.Tenant, "member").PutAsJsonAsync(Schedule, new { enabled = true })) Assert.Equal(HttpStatusCode.Forbidden, member.StatusCode);
        using (var on = await professional.PutAsJsonAsync(Schedule, new { enabled = true })) Assert.Equal(HttpStatusCode.OK, on.StatusCode);
        app.AdvanceTo("2026-03-05T00:00:30Z");
        await Eventually.EqualAsync("03-03 03-05", () => app.NightsAsync(customer));
        Assert.Equal("03-04", await app.NightsAsync(app.Tenant));
    }

    [Fact]
    public async Task A_closed_account_has_no_nights_its_open_cycles_pause_and_open_again_it_begins_with_the_next_midnight()
    {
        await using var app = await StartAsync();
        var customer = TenantId.New(TimeProvider.System.GetUtcNow());
        await app.CreatedAsync(customer, "UTC", "professional");
        await app.CreatedAsync(app.Tenant, "UTC", "professional");
        using var professional = app.ClientFor(customer, tier: "professional");
        using (var on = await professional.PutAsJsonAsync(Schedule, new { enabled = true })) Assert.Equal(HttpStatusCode.OK, on.StatusCode);
        app.AdvanceTo("2026-03-03T00:00:30Z");
        await Eventually.EqualAsync("03-03", () => app.NightsAsync(customer));
        await using (var owner = await app.TestDatabase.OpenAsOwnerAsync())
            await owner.ExecuteAsync("update cycles set state = 'running', finished_at = null, error = null where tenant_id = @Value", customer);

        await TellAsync(app, customer, new AccountClosed { TenantId = customer.Value, Erased = false, OccurredAt = app.Clock.GetUtcNow() });
        await Eventually.EqualAsync(1, () => app.CountAsync("select count(*)::int from cycles where tenant_id = @tenant and state = 'paused'", customer));
        app.AdvanceTo("2026-03-05T10:00:00Z");
        await Eventually.TrueAsync(async () => (await app.NightsAsync(app.Tenant)).EndsWith("03-05", StringComparison.Ordinal)); // the look has been; one on the way may have seen the 4th
        Assert.Equal("03-03", await app.NightsAsync(customer));

        await TellAsync(app, customer, new AccountOpened { TenantId = customer.Value, OccurredAt = app.Clock.GetUtcNow() });
        await Eventually.EqualAsync(1, () => app.CountAsync("select count(*)::int from schedules where tenant_id = @tenant and next_day = '2026-03-06'", customer));
        app.AdvanceTo("2026-03-06T00:00:30Z");
        await Eventually.EqualAsync("03-03 03-06", () => app.NightsAsync(customer));
    }

    private static async Task TellAsync<TEvent>(ScheduleApp app, TenantId tenant, TEvent fact) where TEvent : class
    {
        await using var work = await app.Database.BeginAsync(tenant, CancellationToken.None);
        work.Publish(fact);
        await work.CommitAsync(CancellationToken.None);
    }

    private static async Task<(bool Enabled, bool Allowed)> ShownAsync(HttpClient client)
    {
        var shown = await client.GetFromJsonAsync<JsonElement>(Schedule);
        return (shown.GetProperty("enabled").GetBoolean(), shown.GetProperty("allowed").GetBoolean());
    }

    private static async Task<ScheduleApp> StartAsync()
    {
        var app = new ScheduleApp();
        await app.InitializeAsync();
        return app;
    }
}
