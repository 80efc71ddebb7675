namespace Empire.Sandbox.Networks;

/// <summary>The postbacks that are still to be delivered, and what became of the others.</summary>
public sealed class Postbacks(Journal journal, TimeProvider clock) : IDisposable
{
    const string Entry = "postback_settled";
    readonly Lock gate = new();
    readonly List<Pending> pending = [];
    readonly List<Delivery> deliveries = [];
    readonly SemaphoreSlim changed = new(0);

    int world; // counts the resets

    /// <param name="NotBefore">A failed postback waits until then for its next attempt.</param>
    /// <param name="World">Between which resets it was announced; an attempt under way during a reset must not come back after it.</param>
    public sealed record Pending(Conversion Conversion, int Attempts, DateTimeOffset NotBefore, int World);

    /// <param name="Outcome">"200" and the like, "unreachable", or "dropped".</param>
    public sealed record Delivery(string ConversionId, ConversionStatus Status, string Outcome, int Attempt, DateTimeOffset At);

    /// <summary>The postback of this state of the conversion needs no further attempt.</summary>
    sealed record Settled(string ConversionId, long Sequence);

    public void Announce(Conversion conversion)
    {
        lock (gate) pending.Add(new(conversion, 0, clock.GetUtcNow(), world));
        changed.Release();
    }

    /// <summary>After a restart: what was neither delivered nor given up is tried again. A network may tell twice, it never forgets.</summary>
    public void Resume(IEnumerable<Conversion> conversions)
    {
        var settled = journal.Read<Settled>(Entry).ToHashSet();
        foreach (var conversion in conversions.Where(c => !settled.Contains(new(c.ConversionId, c.Sequence)))) Announce(conversion);
    }

    /// <summary>The next postback whose time has come, oldest first; it stays pending until settled or put back.</summary>
    public Pending? TakeDue()
    {
        lock (gate)
        {
            var index = pending.FindIndex(p => p.NotBefore <= clock.GetUtcNow());
            if (index < 0) return null;
            var due = pending[index];
            pending.RemoveAt(index);
            return due;
        }
    }

    public void PutBack(Pending postback)
    {
        lock (gate)
        {
            if (postback.World == world) pending.Add(postback);
        }
        changed.Release();
    }

    public void Settle(Pending postback)
    {
        if (IsCurrent(postback)) journal.Append(Entry, new Settled(postback.Conversion.ConversionId, postback.Conversion.Sequence));
    }

    public void Note(Pending postback, string outcome, int attempt)
    {
        lock (gate)
        {
            if (postback.World == world) deliveries.Add(new(postback.Conversion.ConversionId, postback.Conversion.Status, outcome, attempt, clock.GetUtcNow()));
        }
    }

    /// <returns>False when the world was reset since it was announced.</returns>
    public bool IsCurrent(Pending postback)
    {
        lock (gate) return postback.World == world;
    }

    /// <summary>Every attempt, oldest first.</summary>
    public IReadOnlyList<Delivery> Deliveries
    {
        get { lock (gate) return [.. deliveries]; }
    }

    /// <summary>Returns when something was announced or put back, at the latest after <paramref name="longest"/>.</summary>
    public Task WaitAsync(TimeSpan longest, CancellationToken ct) => changed.WaitAsync(longest, ct);

    public void Clear()
    {
        lock (gate)
        {
            world++;
            pending.Clear();
            deliveries.Clear();
        }
    }

    public void Dispose() => changed.Dispose();
}
