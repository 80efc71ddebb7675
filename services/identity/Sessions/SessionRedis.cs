using Empire.Configuration;
using StackExchange.Redis;

namespace Empire.Identity.Sessions;

public static class SessionRedis
{
    private const string Setting = "ConnectionStrings:redis";

    /// <summary>Connects to <c>ConnectionStrings:redis</c>. A server that is away holds up neither the start nor a request: see <see cref="SessionPulse"/>.</summary>
    internal static void AddSessionRedis(this WebApplicationBuilder builder)
    {
        builder.CheckSetting(Setting, "a Redis server, as in localhost:6379");
        builder.Services.AddSingleton<IConnectionMultiplexer>(services =>
        {
            var options = ConfigurationOptions.Parse(services.GetRequiredService<IConfiguration>()[Setting]!);
            (options.AbortOnConnectFail, options.ConnectTimeout, options.ConnectRetry) = (false, 2000, 1);
            var redis = ConnectionMultiplexer.Connect(options);
            redis.PreserveAsyncOrder = false; // with the default of 1.2.6 many callers at once stall one another
            return redis;
        });
    }
}
