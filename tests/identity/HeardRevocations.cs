using System.Collections.Concurrent;
using Empire.Hosting;
using Empire.Identity.Revocation;
using Empire.Testing;
using StackExchange.Redis;

namespace Empire.Identity.Tests;

/// <summary>What gateways hear of revocations, from a moment on at which it is certain that it is heard.</summary>
internal sealed class HeardRevocations : IDisposable
{
    private readonly ConcurrentDictionary<string, int> words = new(StringComparer.Ordinal);
    private readonly ConnectionMultiplexer redis;

    private HeardRevocations(ConnectionMultiplexer redis) => this.redis = redis;

    public static async Task<HeardRevocations> StartAsync()
    {
        var heard = new HeardRevocations(await ConnectionMultiplexer.ConnectAsync(TestServers.Redis));
        var channel = new HeardChannel(Revocations.Channel, word => heard.words.AddOrUpdate(word, 1, (_, times) => times + 1));
        await Eventually.TrueAsync(() => channel.IsHeardAsync(heard.redis.GetSubscriber(), TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken));
        return heard;
    }

    /// <summary>How often so far.</summary>
    public int Times(string word) => words.GetValueOrDefault(word);

    public void Dispose() => redis.Dispose();
}
