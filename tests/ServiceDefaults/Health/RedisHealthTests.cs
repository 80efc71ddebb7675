using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Empire.Configuration;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;
using StackExchange.Redis;

namespace Empire.Tests.Health;

public sealed class RedisHealthTests
{
    [Fact]
    public async Task A_service_stays_ready_but_degraded_while_redis_is_away()
    {
        var server = TestServers.Redis.Split(',')[0].Split(':');
        await using var line = new FaultyTcpProxy(server[0], int.Parse(server[1]));
        await using var site = await TestSite.StartAsync(_ => { }, builder => builder.AddRedis(), $"--ConnectionStrings:redis=127.0.0.1:{line.Port}", "--LOG_LEVEL=CRITICAL");
        await Eventually.EqualAsync((HttpStatusCode.OK, "healthy"), () => ReadyAsync(site));
        line.Cut();
        await Eventually.EqualAsync((HttpStatusCode.OK, "degraded"), () => ReadyAsync(site));
        line.Restore();
        await Eventually.EqualAsync((HttpStatusCode.OK, "healthy"), () => ReadyAsync(site));
        await site.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().PingAsync();
    }

    [Theory]
    [InlineData(null)]
    [InlineData("password=p4ss")]
    [InlineData("localhost:6379,colour=red")]
    public async Task An_address_that_names_no_server_stops_the_start_and_is_not_repeated(string? address)
    {
        var error = await Assert.ThrowsAsync<StartupException>(() => TestSite.StartAsync(_ => { }, builder => builder.AddRedis(), address is null ? [] : [$"--ConnectionStrings:redis={address}"]));
        Assert.Contains("ConnectionStrings:redis", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("p4ss", error.Message, StringComparison.Ordinal);
    }

    private static async Task<(HttpStatusCode, string?)> ReadyAsync(TestSite site)
    {
        var answer = await site.Anonymous().GetAsync(new Uri("/health/ready", UriKind.Relative));
        var report = await answer.Content.ReadFromJsonAsync<JsonElement>();
        return (answer.StatusCode, report.GetProperty("checks").GetProperty("redis").GetProperty("status").GetString());
    }
}
