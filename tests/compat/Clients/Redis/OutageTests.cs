using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Aspire.Clients.Tests.Redis;

public sealed class OutageTests
{
    private const string Check = "StackExchange.Redis";

    [Fact]
    public async Task A_program_starts_without_its_server_and_finds_it_when_it_comes()
    {
        await using var server = new OwnRedis();
        var builder = Programs.With(("ConnectionStrings:cache", server.Address));
        builder.AddRedisClient("cache", configureOptions: options => options.ConnectTimeout = 1000);
        using var program = builder.Build();
        var started = Stopwatch.GetTimestamp();
        await program.StartAsync();
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, TimeSpan.FromSeconds(0.9)); // does not wait for the connection
        Assert.Equal(HealthStatus.Unhealthy, await program.HealthAsync(Check));
        await Assert.ThrowsAsync<RedisConnectionException>(() => program.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().PingAsync());

        await server.StartAsync();
        await Eventually.EqualAsync(HealthStatus.Healthy, () => program.HealthAsync(Check));
        await program.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().PingAsync();
        Assert.False(program.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested); // the failed try ended nothing
        await program.StopAsync();
    }

    [Fact]
    public async Task Health_follows_the_server_that_goes_and_comes_back()
    {
        await using var server = await OwnRedis.StartedAsync();
        var builder = Programs.With(("ConnectionStrings:cache", server.Address));
        builder.AddRedisClient("cache", configureOptions: options => options.ConnectTimeout = 1000);
        builder.AddKeyedRedisClient("cache", configureOptions: options => options.ConnectTimeout = 1000);
        using var program = builder.Build();
        Assert.Equal([Check, $"{Check}_cache"], await program.ChecksAsync());
        Assert.Equal(HealthStatus.Healthy, await program.HealthAsync(Check));
        Assert.Equal(HealthStatus.Healthy, await program.HealthAsync($"{Check}_cache"));
        await server.KillAsync();
        Assert.Equal(HealthStatus.Unhealthy, await program.HealthAsync(Check));
        Assert.Equal(HealthStatus.Unhealthy, await program.HealthAsync($"{Check}_cache"));
        await server.StartAsync();
        await Eventually.EqualAsync(HealthStatus.Healthy, () => program.HealthAsync(Check));
        await Eventually.EqualAsync(HealthStatus.Healthy, () => program.HealthAsync($"{Check}_cache"));
    }

    [Fact]
    public async Task A_server_that_takes_connections_and_says_nothing_is_unhealthy_within_the_time_out()
    {
        using var mute = new TcpListener(IPAddress.Loopback, 0);
        mute.Start();
        var builder = Programs.With(("ConnectionStrings:cache", $"127.0.0.1:{((IPEndPoint)mute.LocalEndpoint).Port}"));
        builder.AddRedisClient("cache");
        using var program = builder.Build();
        Assert.Equal(HealthStatus.Unhealthy, await program.HealthAsync(Check).WaitAsync(TimeSpan.FromSeconds(10)));
    }

    [Fact]
    public async Task The_client_connects_at_the_start_of_the_host_unless_told_to_wait()
    {
        foreach (var atStart in (bool[])[true, false])
        {
            var name = $"test-{Guid.CreateVersion7():n}";
            var builder = Programs.With(("ConnectionStrings:cache", $"{TestServers.Redis},name={name}"), ("Aspire:StackExchange:Redis:DisableAutoActivation", $"{!atStart}"));
            builder.AddRedisClient("cache");
            using var program = builder.Build();
            await program.StartAsync();
            if (atStart) await Eventually.TrueAsync(() => IsConnectedAsync(name));
            else Assert.False(await IsConnectedAsync(name));
            await program.StopAsync();
        }
    }

    [Fact]
    public async Task A_check_can_be_left_out_and_is_added_once()
    {
        var builder = Programs.With(("ConnectionStrings:cache", TestServers.Redis), ("Aspire:StackExchange:Redis:limits:DisableHealthChecks", "true"));
        builder.AddRedisClient("cache");
        builder.AddRedisClient("cache");
        builder.AddKeyedRedisClient("limits");
        using var program = builder.Build();
        Assert.Equal([Check], await program.ChecksAsync());
    }

    private static async Task<bool> IsConnectedAsync(string client)
    {
        using var observer = await ConnectionMultiplexer.ConnectAsync($"{TestServers.Redis},allowAdmin=true");
        return (await observer.GetServer(TestServers.Redis).ClientListAsync()).Any(seen => seen.Name == client);
    }
}
