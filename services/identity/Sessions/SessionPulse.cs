using StackExchange.Redis;

namespace Empire.Identity.Sessions;

/// <summary>When each session was last seen, in Redis, shared by all replicas: a request then costs the database a read, not a write. Only this moment is
/// kept there; whether a session exists is the database's word, so ending one needs no Redis. Without Redis the database keeps the moment too.</summary>
public sealed partial class SessionPulse(IConnectionMultiplexer redis, TimeProvider clock, ILogger<SessionPulse> log)
{
    /// <summary>No sign-in and no request waits longer than this for a Redis that does not answer.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(250);

    /// <summary>After a failure nobody waits at all for so long.</summary>
    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(5);

    private long restUntil;

    /// <returns>Null when it has not been seen for the idle time, or Redis is out of reach.</returns>
    internal async Task<DateTimeOffset?> LastSeenAsync(byte[] tokenHash, CancellationToken ct) =>
        await TryAsync(async database =>
        {
            var seen = await database.StringGetAsync(Key(tokenHash));
            return seen.IsNull ? null : (DateTimeOffset?)DateTimeOffset.FromUnixTimeMilliseconds((long)seen);
        }, ct);

    /// <param name="idle">Kept for so long.</param>
    /// <returns>False when Redis is out of reach.</returns>
    internal Task<bool> BeatAsync(byte[] tokenHash, DateTimeOffset now, TimeSpan idle, CancellationToken ct) =>
        TryAsync(database => database.StringSetAsync(Key(tokenHash), now.ToUnixTimeMilliseconds(), idle), ct);

    private async Task<T?> TryAsync<T>(Func<IDatabase, Task<T>> act, CancellationToken ct)
    {
        if (clock.GetTimestamp() < Volatile.Read(ref restUntil)) return default;
        try
        {
            return await act(redis.GetDatabase()).WaitAsync(Patience, ct);
        }
        catch (Exception e) when (e is RedisException or TimeoutException)
        {
            Volatile.Write(ref restUntil, clock.GetTimestamp() + (long)(Rest.TotalSeconds * clock.TimestampFrequency));
            LogAway(log, e.Message);
            return default;
        }
    }

    private static RedisKey Key(byte[] tokenHash) => $"empire:session:{Convert.ToHexStringLower(tokenHash)}";

    [LoggerMessage(1, LogLevel.Warning, "Redis is out of reach ({Reason}); sessions live by the database alone")]
    private static partial void LogAway(ILogger log, string reason);
}
