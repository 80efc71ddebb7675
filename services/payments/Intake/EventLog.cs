using System.Text.Json;
using Empire.Data;
using Microsoft.Extensions.Options;
using Npgsql;

namespace Empire.Payments.Intake;

/// <summary>The raw log: every word of the providers, once, and the task to take it in, where it means anything here. Durable by group commit: what arrives while one transaction commits shares the next one, and
/// each is answered when its own has committed. Alone, nothing waits for company.</summary>
public sealed class EventLog(Database db, IEnumerable<PaymentProvider> providers, TaskSignal signal, IOptions<IntakeOptions> options, TimeProvider clock)
{
    private readonly Dictionary<string, PaymentProvider> byName = providers.ToDictionary(provider => provider.Name);
    private readonly Lock gate = new();
    private readonly Queue<Entry> waiting = [];
    private int writing;
    private long pressedAt = long.MinValue;

    /// <summary>A webhook had to wait for a writer just now, or within <see cref="IntakeOptions.PressedFor"/>: also in a storm nobody waits in the moment in which the writers have taken all there were.</summary>
    public bool IsPressed => Interlocked.Read(ref pressedAt) is var at and not long.MinValue && clock.GetElapsedTime(at) < options.Value.PressedFor;

    /// <summary>Stores an event and its task; it is durable when this returns.</summary>
    /// <param name="ct">Ends the waiting, not the storing.</param>
    /// <returns>False when it was stored before; then nothing changes.</returns>
    public Task<bool> StoreAsync(ProviderEvent told, CancellationToken ct) => StoreAsync(told, body: null, ct);

    /// <inheritdoc cref="StoreAsync(ProviderEvent, CancellationToken)"/>
    /// <param name="body">Of <paramref name="told"/>, where it was read already.</param>
    public Task<bool> StoreAsync(ProviderEvent told, JsonElement? body, CancellationToken ct)
    {
        var entry = new Entry(told, Means(told, body));
        bool write;
        lock (gate)
        {
            waiting.Enqueue(entry);
            write = writing < options.Value.Writers;
            if (write) writing++;
            else Interlocked.Exchange(ref pressedAt, clock.GetTimestamp());
        }
        if (write)
            using (ExecutionContext.SuppressFlow()) // what a writer does is no part of the request that happened to begin it
                _ = Task.Run(WriteAsync, CancellationToken.None);
        return entry.Stored.Task.WaitAsync(ct);
    }

    /// <summary>Stores it with the work.</summary>
    internal async Task<bool> StoreAsync(Work work, ProviderEvent told, CancellationToken ct) => (await AddAsync(work, [new(told, Means(told, body: null))], work.Now, ct)).Count == 1;

    /// <summary>Whether it says anything that is taken in. What cannot be read is left to the worker, which shows it to a person.</summary>
    private bool Means(ProviderEvent told, JsonElement? body)
    {
        try
        {
            var provider = byName[told.Provider];
            var meaning = body is { } read ? provider.Translate(told, read) : provider.Translate(told);
            return !meaning.Facts.IsEmpty || !meaning.ToFetch.IsEmpty;
        }
        catch (Exception e) when (e is JsonException or FormatException or ArgumentException or OverflowException)
        {
            return true;
        }
    }

    /// <summary>Writes until nobody waits. Never throws: each entry gets the exception that is its own.</summary>
    private async Task WriteAsync()
    {
        while (Take() is { Count: > 0 } entries)
        {
            try { await CommitAsync(entries); }
            // A value that the database refuses is one event's fault, and the others must not suffer for it.
            catch (PostgresException e) when (entries.Count > 1 && e.SqlState.StartsWith("22", StringComparison.Ordinal))
            {
                foreach (var entry in entries)
                {
                    try { await CommitAsync([entry]); }
                    catch (Exception own) { entry.Stored.SetException(own); }
                }
            }
            catch (Exception e)
            {
                foreach (var entry in entries) entry.Stored.SetException(e);
            }
        }
    }

    /// <returns>None when nobody waits; then this writer is over.</returns>
    private List<Entry> Take()
    {
        lock (gate)
        {
            var entries = new List<Entry>(Math.Min(waiting.Count, options.Value.BatchSize));
            while (entries.Count < options.Value.BatchSize && waiting.TryDequeue(out var entry)) entries.Add(entry);
            if (entries.Count == 0) writing--;
            return entries;
        }
    }

    private async Task CommitAsync(IReadOnlyList<Entry> entries)
    {
        HashSet<(string, string)> stored;
        await using (var work = await db.BeginSystemAsync(CancellationToken.None))
        {
            work.NothingToAudit();
            stored = await AddAsync(work, [.. entries], clock.GetUtcNow(), CancellationToken.None);
            FaultPoint.Pass("payments.event-stored");
            await work.CommitAsync(CancellationToken.None);
        }
        if (stored.Count > 0) signal.Set();
        foreach (var entry in entries) entry.Stored.SetResult(stored.Remove((entry.Told.Provider, entry.Told.EventId))); // of one told twice, the first
    }

    /// <returns>Those that were not stored before.</returns>
    private static async Task<HashSet<(string, string)>> AddAsync(Work work, Entry[] entries, DateTimeOffset now, CancellationToken ct)
    {
        // In one order everywhere, so that two batches with the same events wait for each other and never in a circle.
        Array.Sort(entries, (a, b) => (string.CompareOrdinal(a.Told.Provider, b.Told.Provider), string.CompareOrdinal(a.Told.EventId, b.Told.EventId)) is var (first, second) && first != 0 ? first : second);
        var told = Array.ConvertAll(entries, entry => entry.Told);
        var named = Forgotten.NamedIn(told);
        var rows = await InsertAsync(work, told, entries, named, now, ct);
        var gone = rows.Where(row => row.Gone is not null).Select(row => row.Gone!).ToHashSet(StringComparer.Ordinal);
        if (gone.Count > 0) rows = await InsertAsync(work, Forgotten.TakeOut(told, gone), entries, new([], []), now, ct);
        return [.. rows.Select(row => (row.Provider!, row.EventId!))];
    }

    /// <summary>In one round trip, also where somebody is named who may be forgotten: then nothing is stored, and who it is comes back.</summary>
    private static Task<IReadOnlyList<(string? Gone, string? Provider, string? EventId)>> InsertAsync(Work work, ProviderEvent[] told, Entry[] entries, Forgotten.Named named, DateTimeOffset now, CancellationToken ct) =>
        work.QueryAsync<(string?, string?, string?)>(
            $"""
            {(named.Nobody ? "" : Forgotten.Shared)}
            with gone as materialized ({(named.Nobody ? "select null::text as name where false" : Forgotten.Gone)}), stored as (
              insert into provider_events (provider, event_id, kind, object_key, occurred_at, body, source, test, received_at)
              select *, @now from unnest(@providers, @ids, @kinds, @keys, @times, @bodies, @sources, @tests) where not exists (select from gone)
              on conflict do nothing returning provider, event_id, object_key, occurred_at
            ), task as (
              insert into provider_tasks (provider, task, subject, object_key, occurred_at, due_at) select provider, 'settle', event_id, object_key, occurred_at, @now from stored where event_id in (select unnest(@meaning))
            )
            select null, provider, event_id from stored union all select name, null, null from gone
            """,
            new
            {
                now, providers = Array.ConvertAll(told, one => one.Provider), ids = Array.ConvertAll(told, one => one.EventId), kinds = Array.ConvertAll(told, one => one.Kind),
                keys = Array.ConvertAll(told, one => one.ObjectKey), times = Array.ConvertAll(told, one => one.OccurredAt.UtcDateTime), bodies = Array.ConvertAll(told, one => one.Body),
                sources = Array.ConvertAll(told, one => one.Source.ToString().ToLowerInvariant()), tests = Array.ConvertAll(told, one => one.Test), meaning = entries.Where(entry => entry.Means).Select(entry => entry.Told.EventId).ToArray(),
                addresses = named.Addresses, hashes = named.Hashes, customers = named.Customers,
            }, ct);

    private sealed record Entry(ProviderEvent Told, bool Means)
    {
        public TaskCompletionSource<bool> Stored { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
