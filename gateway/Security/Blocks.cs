using System.Collections.Concurrent;
using Empire.Gateway.Limits;
using Empire.Gateway.Requests;
using Empire.Gateway.Shared;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Empire.Gateway.Security;

/// <summary>Addresses that are shut out for a while after too many failed credentials or bad signatures. Redis holds who and until when; each instance has a copy, so
/// that a request costs one look-up in memory. The copy follows a channel, and is read anew every few seconds in case a message was lost.</summary>
internal sealed class Blocks : BackgroundService
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, DateTimeOffset> blocked = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, DateTimeOffset> untold = new(StringComparer.Ordinal);   // made while Redis was away
    private readonly SemaphoreSlim news = new(0);
    private readonly SharedState shared;
    private readonly Limiter limiter;
    private readonly SecurityEvents events;
    private readonly GatewayOptions options;
    private readonly TimeProvider clock;

    public Blocks(SharedState shared, Limiter limiter, SecurityEvents events, IOptions<GatewayOptions> options, TimeProvider clock)
    {
        (this.shared, this.limiter, this.events, this.options, this.clock) = (shared, limiter, events, options.Value, clock);
        shared.Listen(SharedState.Names.Blocks, _ => news.Release(), back: () => news.Release());
    }

    /// <returns>Until when; null when the origin may come in.</returns>
    public DateTimeOffset? Until(string origin) => blocked.TryGetValue(origin, out var until) && until > clock.GetUtcNow() ? until : null;

    /// <summary>Counts a failure; the last one that is forgiven shuts the origin out.</summary>
    public async ValueTask FailedAsync(Visit visit)
    {
        var window = new Window($"gateway:failures:{visit.Origin}", options.FailuresToBlock, options.BlockWindow, "failures");
        var standing = await limiter.TakeAsync([window]);
        if (standing.Allowed && standing.Remaining > 0) return;
        var until = clock.GetUtcNow() + options.BlockTime;
        blocked[visit.Origin] = until;
        events.Record("block", visit, $"{options.FailuresToBlock} failures within {options.BlockWindow.TotalMinutes:0.#} minutes; until {until:O}");
        if (!await WriteAsync(visit.Origin, until)) untold[visit.Origin] = until;
    }

    public IReadOnlyDictionary<string, DateTimeOffset> All()
    {
        var now = clock.GetUtcNow();
        return blocked.Where(block => block.Value > now).ToDictionary(block => block.Key, block => block.Value);
    }

    /// <returns>False when it was not blocked.</returns>
    public async Task<bool> UnblockAsync(string origin)
    {
        var known = blocked.TryRemove(origin, out _);
        untold.TryRemove(origin, out _);
        var (answered, removed) = await shared.TryAsync(async redis =>
        {
            await redis.KeyDeleteAsync($"gateway:failures:{origin}");
            return await redis.SortedSetRemoveAsync(SharedState.Names.Blocks, origin);
        });
        await shared.TellAsync(SharedState.Names.Blocks, origin);
        return known || (answered && removed);
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            await ReadAsync();
            await news.WaitAsync(ReadEvery, stoppingToken);
        }
    }

    private async Task ReadAsync()
    {
        foreach (var (origin, until) in untold)
            if (await WriteAsync(origin, until)) untold.TryRemove(origin, out _);
        var now = clock.GetUtcNow();
        var (answered, rows) = await shared.TryAsync(async redis =>
        {
            await redis.SortedSetRemoveRangeByScoreAsync(SharedState.Names.Blocks, double.NegativeInfinity, now.ToUnixTimeMilliseconds());
            return await redis.SortedSetRangeByRankWithScoresAsync(SharedState.Names.Blocks);
        });
        if (!answered) return;
        var there = rows.ToDictionary(row => (string)row.Element!, row => DateTimeOffset.FromUnixTimeMilliseconds((long)row.Score));
        foreach (var (origin, until) in there) blocked[origin] = until;
        foreach (var origin in blocked.Keys)
            if (!there.ContainsKey(origin) && !untold.ContainsKey(origin) && blocked[origin] is var until && until - options.BlockTime < now) blocked.TryRemove(origin, out _);
    }

    private async ValueTask<bool> WriteAsync(string origin, DateTimeOffset until)
    {
        var (answered, _) = await shared.TryAsync(redis => redis.SortedSetAddAsync(SharedState.Names.Blocks, origin, until.ToUnixTimeMilliseconds()));
        if (answered) await shared.TellAsync(SharedState.Names.Blocks, origin);
        return answered;
    }
}
