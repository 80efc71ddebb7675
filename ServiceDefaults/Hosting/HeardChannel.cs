using System.Collections.Concurrent;
using StackExchange.Redis;

namespace Empire.Hosting;

/// <summary>A Redis channel of which it is known that it is heard: something is said on it, and comes back. That the client calls a channel subscribed does not prove it: a subscription that was
/// asked for while the connection was being made, or made anew, may never have reached the server.</summary>
/// <param name="name">Of the channel.</param>
/// <param name="heard">Gets each message of others, on no thread in particular; one may come twice.</param>
public sealed class HeardChannel(string name, Action<string> heard)
{
    /// <summary>No message of anybody's begins so. Whoever listens to a channel by other means must leave these out.</summary>
    public const string Echo = "echo:";

    private readonly ConcurrentDictionary<string, TaskCompletionSource> echoes = new(StringComparer.Ordinal);
    private bool subscribed;

    /// <summary>Subscribes where that has not been done or was in vain, and asks for an echo. For one caller at a time.</summary>
    /// <param name="patience">For the subscription, for the word and for its echo, each.</param>
    /// <returns>False: the word did not come back in time, and the next call subscribes anew. What was said since the last true may be lost.</returns>
    /// <exception cref="RedisException">Redis is away.</exception>
    /// <exception cref="TimeoutException">Redis did not answer.</exception>
    public async Task<bool> IsHeardAsync(ISubscriber redis, TimeSpan patience, CancellationToken ct)
    {
        if (!subscribed)
        {
            await redis.SubscribeAsync(name, (_, message) => Hear(message.ToString())).WaitAsync(patience, ct); // where it was in time after all, words are heard twice
            subscribed = true;
        }
        var word = $"{Echo}{Guid.CreateVersion7():N}";
        var echo = echoes[word] = new(TaskCreationOptions.RunContinuationsAsynchronously);
        try
        {
            await redis.PublishAsync(name, word).WaitAsync(patience, ct);
            await echo.Task.WaitAsync(patience, ct);
            return true;
        }
        catch (TimeoutException)
        {
            subscribed = false; // the client may believe that it is
            await redis.UnsubscribeAsync(name, flags: CommandFlags.FireAndForget);
            return false;
        }
        finally
        {
            echoes.TryRemove(word, out _);
        }
    }

    private void Hear(string word)
    {
        if (!word.StartsWith(Echo, StringComparison.Ordinal)) heard(word);
        else if (echoes.TryGetValue(word, out var waiting)) waiting.TrySetResult();
    }
}
