using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Analytics.Platform;
using Empire.Contracts;
using Empire.Http;
using Empire.Messaging;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Empire.Analytics.Tests.Platform;

/// <summary>The figures of all accounts, so each test counts in a database of its own.</summary>
public abstract class StatsFacts(AnalyticsApp app)
{
    protected static DateTimeOffset Now { get; } = TimeProvider.System.GetUtcNow();

    protected async Task<JsonElement> GetAsync(string path, bool asOperator = true)
    {
        using var client = app.CreateDefaultClient();
        client.DefaultRequestHeaders.Add(CallerToken.Header, app.Services.GetRequiredService<CallerToken>().Sign(new(app.Tenant, "user:test", "owner", asOperator)));
        return await client.GetFromJsonAsync<JsonElement>(path);
    }

    protected async Task HearAsync<TFact>(IHandle<TFact> handler, TFact fact, Guid tenant) where TFact : class
    {
        await using var work = await app.Database.BeginAsync(new(tenant), CancellationToken.None);
        await handler.HandleAsync(fact, work, CancellationToken.None);
        await work.CommitAsync(CancellationToken.None);
    }

    protected async Task<Guid> OpenAsync(string? tier = null, bool isOperator = false, DateTimeOffset? at = null)
    {
        var tenant = Guid.CreateVersion7();
        await HearAsync(new TenantCreatedHandler(), new TenantCreated { TenantId = tenant, Name = "x", TimeZone = "UTC", Tier = tier, Operator = isOperator, OccurredAt = at ?? Now }, tenant);
        return tenant;
    }

    protected Task MoveAsync(Guid tenant, string before, string tier, DateTimeOffset at) =>
        HearAsync(new TierChangedHandler(), new TierChanged { TenantId = tenant, Before = before, Tier = tier, OccurredAt = at }, tenant);

    protected Task SaveAsync(Guid tenant, decimal saved, DateTimeOffset at, decimal wasted = 0) => HearAsync(new SavingsMeasuredHandler(), new SavingsMeasured
    {
        TenantId = tenant, SavedMicros = (long)(saved * 1_000_000), LowMicros = 0, HighMicros = 0, Measures = 1, WastedMicros = (long)(wasted * 1_000_000), Currency = "USD", OccurredAt = at,
    }, tenant);
}

public sealed class StatsTests(AnalyticsApp app) : StatsFacts(app), IClassFixture<AnalyticsApp>
{
    [Fact]
    public async Task The_promised_example_gives_the_promised_figures()
    {
        await OpenAsync("enterprise", isOperator: true);
        for (var i = 0; i < 150; i++) await OpenAsync();
        for (var i = 0; i < 45; i++) await MoveAsync(await OpenAsync(), "free", "professional", Now.AddSeconds(1));
        Guid[] large = new Guid[12];
        for (var i = 0; i < large.Length; i++) large[i] = await OpenAsync("enterprise");
        await SaveAsync(large[0], 100_000m, Now.AddDays(-1));
        await SaveAsync(large[0], 120_000m, Now, wasted: 70_000m);
        await SaveAsync(large[0], 110_000m, Now.AddHours(-1)); // heard late
        await SaveAsync(large[1], 5_000m, Now);
        var stats = await GetAsync("/api/stats", asOperator: false);
        Assert.Equal("""{"free":150,"professional":45,"enterprise":12}""", stats.GetProperty("customers_by_tier").GetRawText().Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal));
        Assert.Equal((207, 4593m, "USD", 125_000m, 70_000m, 27.5m), (stats.GetProperty("customers").GetInt32(), Number(stats, "monthly_recurring_revenue"), stats.GetProperty("currency").GetString(),
            Number(stats, "total_customer_savings"), Number(stats, "potential_customer_savings"), Number(stats, "conversion_rate")));
    }

    private static decimal Number(JsonElement from, string name) => from.GetProperty(name).GetDecimal();
}

public sealed class AdminStatsTests(AnalyticsApp app) : StatsFacts(app), IClassFixture<AnalyticsApp>
{
    private readonly AnalyticsApp app = app;

    [Theory]
    [InlineData("/admin/stats")]
    [InlineData("/admin/analytics")]
    public async Task A_plain_user_is_refused(string path)
    {
        using var client = app.ClientFor(app.Tenant);
        using var response = await client.GetAsync(path);
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
    }

    [Fact]
    public async Task Without_customers_there_is_no_rate_and_who_came_paid_and_left_is_counted_in_whatever_order_it_is_heard()
    {
        var empty = await GetAsync("/api/stats");
        Assert.Equal((0, JsonValueKind.Null), (empty.GetProperty("customers").GetInt32(), empty.GetProperty("conversion_rate").ValueKind));

        await OpenAsync(at: Now.AddDays(-40));
        var paying = await OpenAsync(at: Now.AddDays(-10));
        await MoveAsync(paying, "free", "professional", Now.AddDays(-5));
        var left = Guid.CreateVersion7(); // its changes are heard backwards, its opening last
        await MoveAsync(left, "enterprise", "free", Now.AddDays(-1));
        await MoveAsync(left, "free", "enterprise", Now.AddDays(-3));
        await HearAsync(new TenantCreatedHandler(), new TenantCreated { TenantId = left, Name = "x", TimeZone = "UTC", OccurredAt = Now.AddDays(-4) }, left);
        var stats = await GetAsync("/admin/stats");
        Assert.Equal((3, 49m), (stats.GetProperty("stats").GetProperty("customers").GetInt32(), stats.GetProperty("stats").GetProperty("monthly_recurring_revenue").GetDecimal()));
        var acquisition = stats.GetProperty("acquisition");
        Assert.Equal((2, 2, 1, 30), (acquisition.GetProperty("new_customers").GetInt32(), acquisition.GetProperty("new_paying_customers").GetInt32(), acquisition.GetProperty("left_paying_customers").GetInt32(),
            acquisition.GetProperty("by_day").GetArrayLength()));
    }

    [Fact]
    public async Task The_platforms_figures_are_of_all_accounts()
    {
        var other = Guid.CreateVersion7();
        foreach (var tenant in (Guid[])[app.Tenant.Value, other])
            await HearAsync(new Empire.Analytics.Costs.RecordCost(), new CostIncurred { TenantId = tenant, CostId = Guid.CreateVersion7(), Category = "gpu", Micros = 1_500_000, Currency = "USD", Description = "x", Test = false, OccurredAt = Now }, tenant);
        await app.ClickAsync(await app.LinkAsync());
        await Eventually.EqualAsync(1L, async () => (await GetAsync("/admin/analytics")).GetProperty("clicks").GetInt64());
        var figures = await GetAsync("/admin/analytics");
        Assert.Equal(3.0m, figures.GetProperty("costs").EnumerateArray().Single().GetProperty("amount").GetDecimal());
        Assert.Contains(figures.GetProperty("money").EnumerateArray(), row => row.GetProperty("cost").GetDecimal() == 3.0m && row.GetProperty("profit").GetDecimal() == -3.0m);
    }
}
