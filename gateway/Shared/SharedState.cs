using System.Diagnostics;
using Empire.Hosting;
using StackExchange.Redis;

namespace Empire.Gateway.Shared;

/// <summary>Redis, as the gateway uses it: what several instances must agree on. Nothing here may fail a request: a command that is not answered says so, and
/// for a while after that none is tried, so that a dead Redis costs requests next to nothing.</summary>
internal sealed partial class SharedState(IServiceProvider services, ILogger<SharedState> log) : BackgroundService
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);   // a Redis that is gone says so at once; this is for one that hangs, and must not be met by a busy machine
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan RestAfterHanging = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan ListenEvery = TimeSpan.FromSeconds(10);

    private volatile IConnectionMultiplexer? connection;
    private readonly List<Action> whenBack = [];
    private readonly List<HeardChannel> channels = [];
    private readonly WakeUp restored = new();
    private volatile int restores;          // connections that came back
    private volatile int heardSince = -1;   // after which of them every channel was heard; -1: it was not, or is not any more
    private long restUntil;   // by the machine's own time: Redis is a thing of the machine, and comes back by it
    private volatile bool away;

    /// <summary>Redis does not answer, or what the other instances say is not heard yet.</summary>
    public bool IsAway => away || heardSince != restores;

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
        catch (Exception e) when (e is RedisException or RedisCommandException or TimeoutException or ObjectDisposedException)   // the second: the client itself would not send it
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
        channels.Add(new(channel, heard));
        whenBack.Add(back);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var complained = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (connection is not { } redis)
                {
                    redis = await Task.Run(services.GetRequiredService<IConnectionMultiplexer>, stoppingToken);   // making it waits for the first connection
                    redis.ConnectionRestored += (_, _) =>
                    {
                        Interlocked.Increment(ref restores);   // what was subscribed is being subscribed anew, and what is said before that is lost
                        TellBack();
                        restored.Set();
                    };
                    connection = redis;   // what is counted and kept needs no channel, and must not wait for one
                }
                var (before, heardAll) = (restores, true);
                foreach (var channel in channels) heardAll &= await channel.IsHeardAsync(redis.GetSubscriber(), Patience, stoppingToken);
                if (!heardAll) throw new TimeoutException("What is said over Redis is not heard here.");
                complained = false;
                if (heardSince != before)
                {
                    heardSince = before;
                    TellBack();
                }
                await restored.WaitAsync(ListenEvery, stoppingToken);
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                if (!complained) LogAway(log, e);
                (complained, heardSince) = (true, -1);
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
