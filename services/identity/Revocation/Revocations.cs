using StackExchange.Redis;

namespace Empire.Identity.Revocation;

/// <summary>Tells every gateway at once that what it remembers of a credential or an account no longer holds. A word that is lost costs little: a gateway forgets by
/// itself after <see cref="IdentityGrpc.CacheSeconds"/>.</summary>
public sealed partial class Revocations(IConnectionMultiplexer redis, ILogger<Revocations> log)
{
    /// <summary>Carries <c>{SHA-256 of a key, lower-case hex}</c> or <c>tenant:{UUID}</c>, by which gateways ask again; and <c>actor:key:{id}</c> of a key that is over, as services know its holder.</summary>
    public const string Channel = "identity:revoked";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);

    /// <param name="hash">SHA-256 of the key.</param>
    public Task KeyAsync(byte[] hash) => SayAsync(Convert.ToHexStringLower(hash));

    /// <summary>The key is over: who holds a stream by it loses that too.</summary>
    public async Task KeyOverAsync(byte[] hash, Guid key)
    {
        await KeyAsync(hash);
        await SayAsync($"actor:key:{key:N}");
    }

    public Task TenantAsync(TenantId tenant) => SayAsync($"tenant:{tenant.Value}");

    /// <summary>After the commit, so with no way back: neither a Redis that is away nor one that is slow fails the request.</summary>
    private async Task SayAsync(string message)
    {
        try
        {
            await redis.GetSubscriber().PublishAsync(Channel, message).WaitAsync(Patience);
        }
        catch (Exception e) when (e is RedisException or TimeoutException or ObjectDisposedException)
        {
            LogUnheard(log, IdentityGrpc.CacheSeconds, e.Message);
        }
    }

    [LoggerMessage(1, LogLevel.Warning, "Gateways were not told of a revocation and notice it within {Seconds} s: {Reason}")]
    private static partial void LogUnheard(ILogger log, int seconds, string reason);
}
