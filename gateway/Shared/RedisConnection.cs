using Empire.Configuration;
using StackExchange.Redis;

namespace Empire.Gateway.Shared;

/// <summary>The connection to <c>ConnectionStrings:redis</c>. A server that is away is tried again for ever; what to do meanwhile is <see cref="SharedState"/>'s.</summary>
internal static class RedisConnection
{
    private const string Setting = "ConnectionStrings:redis";

    public static void AddRedisConnection(this WebApplicationBuilder builder)
    {
        builder.CheckSetting(Setting, "a Redis server, as in localhost:6379 or localhost:6379,password=secret", text => !string.IsNullOrWhiteSpace(text));
        builder.Services.AddSingleton<IConnectionMultiplexer>(services =>
        {
            var options = ConfigurationOptions.Parse($"abortConnect=false,connectTimeout=2000,connectRetry=1,{services.GetRequiredService<IConfiguration>()[Setting]}");
            var connection = ConnectionMultiplexer.Connect(options);
            connection.PreserveAsyncOrder = false;   // in order, 1.2.6 stalls under some dozen callers: each completion waits for the one before
            return connection;
        });
    }
}
