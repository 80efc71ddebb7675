using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Health;
using Empire.Testing;
using Empire.Tests.Effects;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Npgsql;

namespace Empire.Tests.Health;

public sealed class HealthTests
{
    private readonly TestClock clock = new();
    private DateTimeOffset? lastSale;

    [Fact]
    public async Task Ready_names_the_part_that_is_out_of_reach_while_live_stays_well()
    {
        await using var database = await TestDatabase.CreateAsync("shop", typeof(Letter).Assembly);
        var direct = new NpgsqlConnectionStringBuilder(database.ConnectionString);
        await using var proxy = new FaultyTcpProxy(direct.Host!, direct.Port);
        var through = new NpgsqlConnectionStringBuilder(database.ConnectionString) { Host = "127.0.0.1", Port = proxy.Port };
        await using var site = await TestSite.StartAsync(_ => { }, builder => builder.AddDatabase("shop"), $"--ConnectionStrings:shop={through.ConnectionString}", "--LOG_LEVEL=CRITICAL");
        Assert.Equal(HttpStatusCode.OK, (await site.Anonymous().GetAsync(new Uri("/health/ready", UriKind.Relative))).StatusCode);
        proxy.Cut();
        var ready = await site.Anonymous().GetAsync(new Uri("/health/ready", UriKind.Relative));
        Assert.Equal(HttpStatusCode.ServiceUnavailable, ready.StatusCode);
        var check = (await ready.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("checks").GetProperty("database");
        Assert.Equal("unhealthy", check.GetProperty("status").GetString());
        Assert.NotEmpty(check.GetProperty("reason").GetString()!);
        Assert.Equal(HttpStatusCode.OK, (await site.Anonymous().GetAsync(new Uri("/health/live", UriKind.Relative))).StatusCode);
    }

    [Fact]
    public async Task Business_health_follows_the_last_time_it_happened()
    {
        await using var site = await TestSite.StartAsync(
            _ => { },
            builder =>
            {
                builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
                builder.Services.AddBusinessCheck("last_sale", TimeSpan.FromMinutes(30), (_, _) => Task.FromResult(lastSale));
            });
        Assert.Equal(("degraded", 200), await SaleAsync(site)); // just started: it has half an hour
        clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(("unhealthy", 503), await SaleAsync(site));
        lastSale = clock.GetUtcNow();
        Assert.Equal(("healthy", 200), await SaleAsync(site));
        clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(("unhealthy", 503), await SaleAsync(site));
    }

    [Fact]
    public async Task What_need_not_ever_happen_is_missed_only_once_it_has()
    {
        await using var site = await TestSite.StartAsync(
            _ => { },
            builder =>
            {
                builder.Services.Replace(ServiceDescriptor.Singleton<TimeProvider>(clock));
                builder.Services.AddBusinessCheck("last_sale", TimeSpan.FromMinutes(30), (_, _) => Task.FromResult(lastSale), onceBegun: true);
            });
        clock.Advance(TimeSpan.FromHours(5));
        Assert.Equal(("healthy", 200), await SaleAsync(site));
        lastSale = clock.GetUtcNow();
        clock.Advance(TimeSpan.FromMinutes(31));
        Assert.Equal(("unhealthy", 503), await SaleAsync(site));
    }

    [Theory]
    [InlineData("1000000", "healthy", 200)]
    [InlineData("1", "unhealthy", 503)]   // no process lives in a megabyte
    public async Task Memory_is_judged_by_its_limit(string megabytes, string status, int code)
    {
        await using var site = await TestSite.StartAsync(_ => { }, null, $"--Health:MemoryLimitMegabytes={megabytes}", "--LOG_LEVEL=CRITICAL");
        using var answer = await site.Anonymous().GetAsync(new Uri("/health/condition", UriKind.Relative));
        var memory = (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("checks").GetProperty("memory");
        Assert.Equal((status, code), (memory.GetProperty("status").GetString(), (int)answer.StatusCode));
        Assert.Contains($" of {megabytes} MB of this process's limit", memory.GetProperty("reason").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Without_a_setting_memory_is_that_of_the_container_or_the_machine()
    {
        var use = MemoryUse.Now(null);
        Assert.InRange(use.UsedBytes, 1, use.LimitBytes);
        Assert.True(use.LimitBytes > 64 * 1024 * 1024, $"{use}");
        Assert.Equal((HealthStatus.Healthy, HealthStatus.Degraded, HealthStatus.Unhealthy), (new MemoryUse(89, 100, "").Judge().Status, new MemoryUse(90, 100, "").Judge().Status, new MemoryUse(97, 100, "").Judge().Status));
    }

    private static async Task<(string?, int)> SaleAsync(TestSite site)
    {
        var answer = await site.Anonymous().GetAsync(new Uri("/health/business", UriKind.Relative));
        var report = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (report.GetProperty("checks").GetProperty("last_sale").GetProperty("status").GetString(), (int)answer.StatusCode);
    }
}
