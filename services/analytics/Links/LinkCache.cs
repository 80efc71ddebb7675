using System.Collections.Concurrent;
using Empire.Data;
using Microsoft.Extensions.Options;

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
    /// <exception cref="Npgsql.NpgsqlException">The database is out of reach, and the link is not in memory.</exception>
    public async Task<RedirectTarget?> FindAsync(string code, CancellationToken ct)
    {
        if (!LinkCode.IsWellFormed(code)) return null;
        await lookups.WaitAsync(ct);
        try
        {
            if (TryGet(code, out var target)) return target; // a visitor before us asked
            await using var work = await db.BeginSystemAsync(ct);
            target = await LinkTable.FindAsync(work, code, ct) is { } link ? new(link, options.Value.Site) : null;
            Keep(code, new(target, clock.GetUtcNow() + (target is null ? options.Value.UnknownFor : options.Value.KnownFor)));
            return target;
        }
        finally { lookups.Release(); }
    }

    public void Dispose() => lookups.Dispose();

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
