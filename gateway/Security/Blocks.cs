using System.Collections.Concurrent;
using Empire.Gateway.Limits;
using Empire.Gateway.Requests;
using Empire.Gateway.Shared;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Empire.Gateway.Security;

/// <summary>What an address is shut out for; counted each by itself.</summary>
internal enum Failure
{
    Credential,
    Signature,
}

/// <summary>Addresses that are shut out of all but what is signed for a while, after too many failed credentials or bad signatures. Redis holds who and until when; each instance has a copy, so
/// that a request costs two look-ups in memory. The copy follows a channel, and is read anew every few seconds in case a message was lost.</summary>
internal sealed class Blocks : BackgroundService
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromSeconds(5);

    private const string Forged = " signatures";   // behind the address, in Redis

    private readonly ConcurrentDictionary<(string Origin, Failure For), DateTimeOffset> blocked = new();
    private readonly ConcurrentDictionary<(string Origin, Failure For), DateTimeOffset> untold = new();   // made while Redis was away
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
    public DateTimeOffset? Until(string origin)
    {
        var (guessed, forged) = (Until((origin, Failure.Credential)), Until((origin, Failure.Signature)));
        return forged is null || guessed > forged ? guessed : forged;
    }

    /// <summary>Counts a failure; the last one that is forgiven shuts the origin out.</summary>
    public async ValueTask FailedAsync(Visit visit, Failure failure)
    {
        var block = (visit.Origin, failure);
        if (Until(block) is not null) return;   // what is signed is looked at all the same
        var what = failure is Failure.Signature ? "bad signatures" : "failures";
        var standing = await limiter.TakeAsync([new(CountOf(block), options.FailuresToBlock, options.BlockWindow, what)]);
        if (standing.Allowed && standing.Remaining > 0) return;
        var until = clock.GetUtcNow() + options.BlockTime;
        blocked[block] = until;
        events.Record("block", visit, $"{options.FailuresToBlock} {what} within {options.BlockWindow.TotalMinutes:0.#} minutes; until {until:O}");
        if (!await WriteAsync(block, until)) untold[block] = until;
    }

    public IReadOnlyList<(string Origin, Failure For, DateTimeOffset Until)> All()
    {
        var now = clock.GetUtcNow();
        return [.. blocked.Where(block => block.Value > now).Select(block => (block.Key.Origin, block.Key.For, block.Value)).OrderBy(block => block.Value)];
    }

    /// <returns>False when it was not blocked.</returns>
    public async Task<bool> UnblockAsync(string origin)
    {
        (string, Failure)[] both = [(origin, Failure.Credential), (origin, Failure.Signature)];
        var known = false;
        foreach (var block in both)
        {
            known |= blocked.TryRemove(block, out _);
            untold.TryRemove(block, out _);
        }
        var (answered, removed) = await shared.TryAsync(async redis =>
        {
            var listed = await redis.SortedSetRemoveAsync(SharedState.Names.Blocks, [.. both.Select(block => (RedisValue)NameOf(block))]) > 0;
            foreach (var block in both) await redis.KeyDeleteAsync(CountOf(block));   // one by one: on a cluster each has its own slot
            return listed;
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
        foreach (var (block, until) in untold)
            if (await WriteAsync(block, until)) untold.TryRemove(block, out _);
        var now = clock.GetUtcNow();
        var (answered, rows) = await shared.TryAsync(async redis =>
        {
            await redis.SortedSetRemoveRangeByScoreAsync(SharedState.Names.Blocks, double.NegativeInfinity, now.ToUnixTimeMilliseconds());
            return await redis.SortedSetRangeByRankWithScoresAsync(SharedState.Names.Blocks);
        });
        if (!answered) return;
        var there = rows.ToDictionary(row => BlockOf((string)row.Element!), row => DateTimeOffset.FromUnixTimeMilliseconds((long)row.Score));
        foreach (var (block, until) in there) blocked[block] = until;
        foreach (var block in blocked.Keys)
            if (!there.ContainsKey(block) && !untold.ContainsKey(block) && blocked[block] is var until && until - options.BlockTime < now) blocked.TryRemove(block, out _);
    }

    private async ValueTask<bool> WriteAsync((string Origin, Failure For) block, DateTimeOffset until)
    {
        var (answered, _) = await shared.TryAsync(redis => redis.SortedSetAddAsync(SharedState.Names.Blocks, NameOf(block), until.ToUnixTimeMilliseconds()));
        if (answered) await shared.TellAsync(SharedState.Names.Blocks, block.Origin);
        return answered;
    }

    private DateTimeOffset? Until((string Origin, Failure For) block) => blocked.TryGetValue(block, out var until) && until > clock.GetUtcNow() ? until : null;

    private static string CountOf((string Origin, Failure For) block) => $"gateway:{(block.For is Failure.Signature ? "forgeries" : "failures")}:{block.Origin}";

    private static string NameOf((string Origin, Failure For) block) => block.For is Failure.Signature ? block.Origin + Forged : block.Origin;

    private static (string Origin, Failure For) BlockOf(string name) =>
        name.EndsWith(Forged, StringComparison.Ordinal) ? (name[..^Forged.Length], Failure.Signature) : (name, Failure.Credential);
}
