using System.Collections.Concurrent;
using Empire.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Empire.Analytics.Links;

/// <summary>The links that visitors follow now, in memory. A link never changes, so an entry is dropped for room or age alone; a code that is unknown is
/// remembered for seconds only, because another replica may be making it at this moment.</summary>
/// <remarks>Two generations bound it: when the young one is full, the old one is forgotten and the young one takes its place.</remarks>
public sealed class LinkCache(Database db, IOptions<LinkOptions> options, TimeProvider clock) : IDisposable
{
    /// <summary>Look-ups at a time: guessed codes must not take the connections that the clicks need.</summary>
    private readonly SemaphoreSlim lookups = new(8);

    private readonly Lock turn = new();
    private volatile ConcurrentDictionary<string, Entry> young = new(StringComparer.Ordinal);
    private volatile ConcurrentDictionary<string, Entry> old = new(StringComparer.Ordinal);
    private int count; // in the young generation; ConcurrentDictionary.Count takes every lock

    /// <param name="target">Null when the code is known to lead nowhere.</param>
    /// <returns>False when the database must be asked: <see cref="FindAsync"/>.</returns>
    public bool TryGet(string code, out RedirectTarget? target)
    {
        if (young.TryGetValue(code, out var entry) || (old.TryGetValue(code, out entry) && Keep(code, entry)))
        {
            target = entry.Target;
            return clock.GetUtcNow() < entry.Until;
        }
        target = null;
        return false;
    }

    /// <returns>Null for a code that nobody made.</returns>
    /// <exception cref="LinksOutOfReachException">The database does not answer, and the link was not followed lately.</exception>
    public async Task<RedirectTarget?> FindAsync(string code, CancellationToken ct)
    {
        if (!LinkCode.IsWellFormed(code)) return null;
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(options.Value.LookupTimeout);
        try
        {
            await lookups.WaitAsync(patience.Token);
            try { return TryGet(code, out var target) ? target : await AskAsync(code, patience.Token); } // a visitor before us may have asked
            finally { lookups.Release(); }
        }
        catch (Exception e) when (e is NpgsqlException or OperationCanceledException && !ct.IsCancellationRequested)
        {
            // A link never changes: one too old to be served from memory is still right.
            return (young.GetValueOrDefault(code) ?? old.GetValueOrDefault(code))?.Target ?? throw new LinksOutOfReachException(e);
        }
    }

    public void Dispose() => lookups.Dispose();

    private async Task<RedirectTarget?> AskAsync(string code, CancellationToken ct)
    {
        await using var work = await db.BeginSystemAsync(ct);
        RedirectTarget? target = await LinkTable.FindAsync(work, code, ct) is { } link ? new(link, options.Value.Site) : null;
        Keep(code, new(target, clock.GetUtcNow() + (target is null ? options.Value.UnknownFor : options.Value.KnownFor)));
        return target;
    }

    private bool Keep(string code, Entry entry)
    {
        lock (turn)
        {
            if (count >= options.Value.CachedLinks / 2) (old, young, count) = (young, new(StringComparer.Ordinal), 0);
            if (young.TryAdd(code, entry)) count++;
            else young[code] = entry;
        }
        return true;
    }

    private sealed record Entry(RedirectTarget? Target, DateTimeOffset Until);
}

/// <summary>Whether the code leads somewhere cannot be told at this moment.</summary>
public sealed class LinksOutOfReachException(Exception inner) : Exception("The links are out of reach.", inner);
