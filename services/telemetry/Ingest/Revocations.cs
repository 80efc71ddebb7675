using System.Collections.Concurrent;
using Empire.Hosting;
using StackExchange.Redis;

namespace Empire.Telemetry.Ingest;

/// <summary>Hears from identity which keys have been revoked, and ends the streams of those who hold them: also of one that did not come through the gateway, which else would.</summary>
internal sealed partial class Revocations : BackgroundService
{
    /// <summary>Identity says <c>actor:key:{32 hex digits}</c> there, as callers are named.</summary>
    private const string Channel = "identity:revoked", Prefix = "actor:";

    private static readonly TimeSpan Rest = TimeSpan.FromSeconds(1), Patience = TimeSpan.FromSeconds(2), ListenEvery = TimeSpan.FromSeconds(10);

    private readonly ConcurrentDictionary<Held, bool> held = new();
    private readonly IServiceProvider services;
    private readonly TimeProvider clock;
    private readonly ILogger<Revocations> log;

    public Revocations(IServiceProvider services, TimeProvider clock, ILogger<Revocations> log) => (this.services, this.clock, this.log) = (services, clock, log);

    /// <summary>For as long as the stream lasts.</summary>
    public Held Hold(string actor)
    {
        var one = new Held(this, actor);
        held[one] = true;
        return one;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var (channel, complained) = (new HeardChannel(Channel, Hear), false);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                var redis = await Task.Run(services.GetRequiredService<IConnectionMultiplexer>, stoppingToken); // making it waits for the first connection
                if (!await channel.IsHeardAsync(redis.GetSubscriber(), Patience, stoppingToken)) throw new TimeoutException("What is said over Redis is not heard here.");
                complained = false;
                await Task.Delay(ListenEvery, clock, stoppingToken);
            }
            catch (Exception e) when (e is RedisException or TimeoutException)
            {
                if (!complained) LogAway(log, e);
                complained = true;
                await Task.Delay(Rest, clock, stoppingToken);
            }
        }
    }

    private void Hear(string message)
    {
        if (!message.StartsWith(Prefix, StringComparison.Ordinal)) return;
        foreach (var one in held.Keys)
            if (message.AsSpan(Prefix.Length).SequenceEqual(one.Actor)) one.Revoke();
    }

    [LoggerMessage(1, LogLevel.Warning, "Redis is away: revoked keys are heard of at the gateway alone")]
    private static partial void LogAway(ILogger log, Exception e);

    /// <summary>A caller's right to their stream.</summary>
    internal sealed class Held(Revocations revocations, string actor) : IDisposable
    {
        private readonly CancellationTokenSource revoked = new();

        public string Actor => actor;
        public CancellationToken Revoked => revoked.Token;

        public void Revoke() => revoked.Cancel();

        public void Dispose() => revocations.held.TryRemove(this, out _); // the source is left to the collector: a word may just be coming in
    }
}
