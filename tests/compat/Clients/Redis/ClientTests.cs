using Empire.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Aspire.Clients.Tests.Redis;

public sealed class ClientTests
{
    [Fact]
    public async Task A_named_connection_string_opens_a_client()
    {
        var builder = Programs.With(("ConnectionStrings:cache", TestServers.Redis));
        builder.AddRedisClient("cache");
        using var program = builder.Build();
        var redis = program.Services.GetRequiredService<IConnectionMultiplexer>();
        var key = NewKey();
        await redis.GetDatabase().StringSetAsync(key, "there", TimeSpan.FromMinutes(1));
        Assert.Equal("there", (string?)await redis.GetDatabase().StringGetAsync(key));
        Assert.Same(redis, program.Services.GetRequiredService<IConnectionMultiplexer>());
    }

    [Theory]
    [InlineData("127.0.0.1:{0},password=pass=word+/")]
    [InlineData("localhost:{0},password=pass=word+/,ssl=false,defaultDatabase=3")]
    public async Task The_password_in_the_form_of_an_application_model_opens_the_door(string form)
    {
        await using var server = await OwnRedis.StartedAsync("--requirepass", "pass=word+/");
        var builder = Programs.With(("ConnectionStrings:cache", string.Format(form, server.Port)));
        builder.AddRedisClient("cache");
        using var program = builder.Build();
        await program.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase().PingAsync();
    }

    [Theory] // where it is set, and which of them is used
    [InlineData(new[] { "Aspire:StackExchange:Redis" }, "Aspire:StackExchange:Redis")]
    [InlineData(new[] { "Aspire:StackExchange:Redis", "Aspire:StackExchange:Redis:cache" }, "Aspire:StackExchange:Redis:cache")]
    [InlineData(new[] { "Aspire:StackExchange:Redis", "Aspire:StackExchange:Redis:cache", "ConnectionStrings" }, "ConnectionStrings")]
    public void The_nearest_setting_wins(string[] set, string used)
    {
        foreach (var keyed in (bool[])[false, true])
        {
            var builder = Programs.With([.. set.Select(section => (section == "ConnectionStrings" ? "ConnectionStrings:cache" : $"{section}:ConnectionString", (string?)Named(section)))]);
            Add(builder, keyed);
            using var program = builder.Build();
            Assert.Equal(Name(used), program.Services.GetRequiredKeyedService<IConnectionMultiplexer>(keyed ? "cache" : null).ClientName);
        }
    }

    [Fact]
    public void Options_come_from_the_connection_string_then_the_sections_then_the_programs_own_delegates()
    {
        var builder = Programs.With(
            ("ConnectionStrings:cache", $"{TestServers.Redis},name=string,connectTimeout=1001,keepAlive=11,syncTimeout=1101"),
            ("Aspire:StackExchange:Redis:ConfigurationOptions:ConnectTimeout", "2002"),
            ("Aspire:StackExchange:Redis:ConfigurationOptions:KeepAlive", "22"),
            ("Aspire:StackExchange:Redis:cache:ConfigurationOptions:KeepAlive", "33"),
            ("Aspire:StackExchange:Redis:DisableHealthChecks", "true"));
        ConfigurationOptions? seen = null;
        var read = false;
        builder.AddRedisClient(
            "cache",
            settings => read = settings is { DisableHealthChecks: true, DisableTracing: false, DisableAutoActivation: false },
            options => (seen = options).ClientName = "delegate");
        using var program = builder.Build();
        Assert.Equal("delegate", program.Services.GetRequiredService<IConnectionMultiplexer>().ClientName);
        Assert.True(read);
        Assert.Equal((2002, 33, 1101, false), (seen!.ConnectTimeout, seen.KeepAlive, seen.SyncTimeout, seen.AbortOnConnectFail));
    }

    [Fact]
    public void The_settings_delegate_has_the_last_word_over_the_connection_string()
    {
        var builder = Programs.With(("ConnectionStrings:cache", "127.0.0.1:1,name=configured"));
        builder.AddRedisClient("cache", settings => settings.ConnectionString = Named("delegate"));
        using var program = builder.Build();
        Assert.Equal(Name("delegate"), program.Services.GetRequiredService<IConnectionMultiplexer>().ClientName);
    }

    [Fact]
    public async Task Several_clients_live_side_by_side_under_their_keys()
    {
        await using var other = await OwnRedis.StartedAsync();
        var builder = Programs.With(("ConnectionStrings:cache", TestServers.Redis), ("ConnectionStrings:limits", other.Address));
        builder.AddRedisClient("cache");
        builder.AddKeyedRedisClient("limits");
        using var program = builder.Build();
        var (cache, limits) = (program.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase(), program.Services.GetRequiredKeyedService<IConnectionMultiplexer>("limits").GetDatabase());
        var key = NewKey();
        await limits.StringSetAsync(key, "here");
        Assert.True(await limits.KeyExistsAsync(key));
        Assert.False(await cache.KeyExistsAsync(key));
    }

    [Theory]
    [InlineData(false, null)]
    [InlineData(true, null)]
    [InlineData(false, "password=p4ss")]
    public void A_missing_server_is_named_when_the_client_is_asked_for(bool keyed, string? connectionString)
    {
        var builder = Programs.With(("ConnectionStrings:cache", connectionString));
        Add(builder, keyed);
        using var program = builder.Build();
        var error = Assert.Throws<InvalidOperationException>(() => program.Services.GetRequiredKeyedService<IConnectionMultiplexer>(keyed ? "cache" : null));
        Assert.Contains("ConnectionStrings:cache", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("p4ss", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Ten_thousand_operations_in_flight_all_complete()
    {
        var builder = Programs.With(("ConnectionStrings:cache", TestServers.Redis));
        builder.AddRedisClient("cache");
        using var program = builder.Build();
        var redis = program.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        var key = NewKey();
        var counts = await Task.WhenAll(Enumerable.Range(0, 10_000).Select(_ => redis.StringIncrementAsync(key))).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(Enumerable.Range(1, 10_000).Select(n => (long)n), counts.Order());
        await Task.WhenAll(Enumerable.Range(0, 64).Select(async _ =>
        {
            for (var i = 0; i < 100; i++) await redis.StringIncrementAsync(key);
        })).WaitAsync(TimeSpan.FromSeconds(60));
        Assert.Equal(16_400, (long)await redis.StringGetAsync(key));
        await redis.KeyDeleteAsync(key);
    }

    [Fact]
    public async Task A_caller_that_is_slow_with_its_answer_does_not_hold_up_the_others()
    {
        var builder = Programs.With(("ConnectionStrings:cache", TestServers.Redis));
        builder.AddRedisClient("cache");
        using var program = builder.Build();
        var redis = program.Services.GetRequiredService<IConnectionMultiplexer>().GetDatabase();
        using var othersDone = new ManualResetEventSlim();
        var waiting = 0;
        var slow = Task.Run(async () =>
        {
            await redis.ScriptEvaluateAsync("for i = 1, 5000000 do end return 1"); // long enough to be awaited, so what follows is on the thread that brings the answer
            Interlocked.Increment(ref waiting);
            return othersDone.Wait(TimeSpan.FromSeconds(30));
        });
        await Eventually.EqualAsync(1, () => Task.FromResult(Volatile.Read(ref waiting)));
        await Task.WhenAll(Enumerable.Range(0, 32).Select(_ => redis.PingAsync())).WaitAsync(TimeSpan.FromSeconds(20));
        othersDone.Set();
        Assert.True(await slow);
    }

    /// <summary>A client's name, which the server sees; it may hold no separators.</summary>
    private static string Name(string where) => where.Replace(':', '-');

    private static string Named(string where) => $"{TestServers.Redis},name={Name(where)}";

    private static RedisKey NewKey() => $"test:{Guid.CreateVersion7():n}";

    private static void Add(HostApplicationBuilder builder, bool keyed)
    {
        if (keyed) builder.AddKeyedRedisClient("cache");
        else builder.AddRedisClient("cache");
    }
}
