using Empire.Gateway.Shared;
using StackExchange.Redis;

namespace Empire.Gateway.Limits;

/// <summary>Counts requests over all instances, exactly: a window holds the times of its last requests, and one more is let in when fewer than the limit lie inside it.
/// One script does it for all windows of a request at once, so that no two instances can both take the last place, and a refused request counts nowhere.
/// Without Redis each instance counts for itself, by the same numbers.</summary>
internal sealed class Limiter(SharedState shared, LocalWindows local, TimeProvider clock)
{
    // Lists of times, newest first, never longer than the limit. Time is the caller's clock, but never runs backwards within a window.
    private const string Script = """
        local now = tonumber(ARGV[1])
        for i = 1, #KEYS do
          local head = redis.call('LINDEX', KEYS[i], 0)
          if head and tonumber(head) > now then now = tonumber(head) end
        end
        local exceeded, longest, strictest, remaining, reset = -1, 0, 0, nil, 0
        for i = 1, #KEYS do
          local limit, length = tonumber(ARGV[2 * i]), tonumber(ARGV[2 * i + 1])
          local tail = redis.call('LINDEX', KEYS[i], -1)
          while tail and tonumber(tail) <= now - length do
            redis.call('RPOP', KEYS[i])
            tail = redis.call('LINDEX', KEYS[i], -1)
          end
          local left = limit - redis.call('LLEN', KEYS[i])
          local frees = length
          if left <= 0 then
            frees = tonumber(redis.call('LINDEX', KEYS[i], limit - 1)) + length - now
            if frees > longest then exceeded, longest = i - 1, frees end
          elseif tail then
            frees = tonumber(tail) + length - now
          end
          if not remaining or left - 1 < remaining then strictest, remaining, reset = i - 1, left - 1, frees end
        end
        if exceeded >= 0 then return { exceeded, exceeded, 0, longest } end
        for i = 1, #KEYS do
          redis.call('LPUSH', KEYS[i], string.format('%d', now))
          redis.call('PEXPIRE', KEYS[i], ARGV[2 * i + 1])
        end
        return { -1, strictest, remaining, reset }
        """;

    /// <summary>Counts the request in every window, or, when one of them is full, in none.</summary>
    public async ValueTask<Standing> TakeAsync(Window[] windows)
    {
        var keys = new RedisKey[windows.Length];
        var values = new RedisValue[1 + 2 * windows.Length];
        values[0] = clock.GetUtcNow().ToUnixTimeMilliseconds();
        for (var i = 0; i < windows.Length; i++)
        {
            keys[i] = windows[i].Key;
            values[1 + 2 * i] = windows[i].Limit;
            values[2 + 2 * i] = (long)windows[i].Length.TotalMilliseconds;
        }
        var (answered, result) = await shared.TryAsync(async redis =>
        {
            try
            {
                return (long[])(await redis.ScriptEvaluateAsync(Script, keys, values))!;
            }
            catch (RedisServerException e) when (e.Message.Contains("NOSCRIPT", StringComparison.Ordinal))
            {
                return (long[])(await redis.ScriptEvaluateAsync(Script, keys, values))!;   // Redis was restarted: the client loads the script again
            }
        });
        if (!answered) return local.Take(windows);
        var standing = new Standing((int)result[0], (int)result[1], result[2], TimeSpan.FromMilliseconds(result[3]));
        if (standing.Allowed) local.Record(windows);
        return standing;
    }
}
