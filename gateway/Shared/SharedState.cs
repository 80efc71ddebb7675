using System.Diagnostics;
using StackExchange.Redis;

namespace Empire.Gateway.Shared;

/// <summary>Redis, as the gateway uses it: what several instances must agree on. Nothing here may fail a request: a command that is not answered says so, and
/// for a while after that none is tried, so that a dead Redis costs requests next to nothing.</summary>
internal sealed partial class SharedState(IServiceProvider services, ILogger<SharedState> log) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);   // a Redis that is gone says so at once; this is for one that hangs, and must not be met by a busy machine
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RestAfterHanging = TimeSpan.FromSeconds(5);

    private volatile IConnectionMultiplexer? connection;
    private readonly List<Action> whenBack = [];
    private readonly Dictionary<string, Action<string>> listeners = new(StringComparer.Ordinal);
    private long restUntil;   // by the machine's own time: Redis is a thing of the machine, and comes back by it
    private volatile bool away;
    private volatile bool listening;

    /// <summary>Redis does not answer, or what the other instances say is not heard yet.</summary>
    public bool IsAway => away || !listening;

    /// <returns>False when Redis did not answer.</returns>
    public async ValueTask<(bool Answered, T Value)> TryAsync<T>(Func<IDatabase, Task<T>> command)
    {
        if (connection is not { } redis || Stopwatch.GetTimestamp() < Volatile.Read(ref restUntil)) return (false, default!);
        try
        {
            var value = await command(redis.GetDatabase()).WaitAsync(Patience);   // the client itself sets no time on asynchronous commands
            if (away) LogBack(log);
            away = false;
            return (true, value);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            Volatile.Write(ref restUntil, Stopwatch.GetTimestamp() + (long)((e is TimeoutException ? RestAfterHanging : Rest).TotalSeconds * Stopwatch.Frequency));
            if (!away) LogAway(log, e);
            away = true;
            return (false, default!);
        }
    }

    /// <summary>Tells every instance, this one included; lost when Redis is away.</summary>
    public ValueTask<(bool Answered, long Value)> TellAsync(string channel, string message) => TryAsync(redis => redis.PublishAsync(channel, message));

    /// <summary>For singletons, while they are made.</summary>
    /// <param name="heard">Gets each message of the channel.</param>
    /// <param name="back">Redis was away and is back, or is there for the first time: what came over the channel meanwhile is lost.</param>
    public void Listen(string channel, Action<string> heard, Action back)
    {
        listeners.Add(channel, heard);
        whenBack.Add(back);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var unheard = new Queue<string>(listeners.Keys);
        while (!listening)
        {
            try
            {
                if (connection is not { } redis)
                {
                    redis = await Task.Run(services.GetRequiredService<IConnectionMultiplexer>, stoppingToken);   // making it waits for the first connection
                    redis.ConnectionRestored += (_, _) => TellBack();
                    connection = redis;   // what is counted and kept needs no channel, and must not wait for one
                }
                while (unheard.TryPeek(out var channel))
                {
                    var heard = listeners[channel];
                    await redis.GetSubscriber().SubscribeAsync(channel, (_, message) => heard(message!)).WaitAsync(Patience, stoppingToken);   // heard twice does no harm, never heard would
                    unheard.Dequeue();
                }
                listening = true;
                TellBack();
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                LogAway(log, e);
                await Task.Delay(Rest, stoppingToken);
            }
        }
    }

    private void TellBack()
    {
        foreach (var back in whenBack) back();
    }

    /// <summary>Keys and channels. Identity publishes on <see cref="Revoked"/>.</summary>
    internal static class Names
    {
        public const string Revoked = "identity:revoked";
        public const string Changed = "gateway:changed";
        public const string Blocks = "gateway:blocks";
        public const string SecurityEvents = "gateway:security-events";
    }

    [LoggerMessage(1, LogLevel.Warning, "Redis is away: limits and blocks are this instance's own until it is back")]
    private static partial void LogAway(ILogger log, Exception? e);

    [LoggerMessage(2, LogLevel.Information, "Redis is back")]
    private static partial void LogBack(ILogger log);
}
