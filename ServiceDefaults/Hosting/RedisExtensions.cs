using Empire.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using StackExchange.Redis;

namespace Empire;

/// <summary>The store for what may be lost: counters of rates, short caches. What must last is in the database.</summary>
public static class RedisExtensions
{
    /// <summary>Registers <see cref="IConnectionMultiplexer"/> from <c>ConnectionStrings:{name}</c>. A server that is away leaves the service ready, with check
    /// <c>redis</c> degraded: commands fail until it is back, and whoever sends one decides what goes on without it.</summary>
    /// <param name="name">Of the server in the application model.</param>
    public static TBuilder AddRedis<TBuilder>(this TBuilder builder, string name = "redis") where TBuilder : IHostApplicationBuilder
    {
        builder.CheckSetting($"ConnectionStrings:{name}", "a Redis server, as in localhost:6379 or localhost:6379,password=secret", Usable);
        // One try of two seconds holds up whoever asks first; the ones after it go on in the background for ever. A connection that has fallen silent is made anew
        // after four unanswered pings. What the setting itself says comes later and wins.
        builder.AddRedisClient(name, settings => settings.ConnectionString = $"connectTimeout=2000,connectRetry=1,keepAlive=5,{settings.ConnectionString}");
        builder.Services.Configure<HealthCheckServiceOptions>(health =>
        {
            var check = health.Registrations.Single(check => check.Name == "StackExchange.Redis");
            (check.Name, check.FailureStatus, check.Timeout) = ("redis", HealthStatus.Degraded, TimeSpan.FromSeconds(3));
            check.Tags.Add("ready");
        });
        return builder;
    }

    private static bool Usable(string? connectionString)
    {
        try
        {
            return ConfigurationOptions.Parse(connectionString ?? "").EndPoints.Count > 0;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }
}
