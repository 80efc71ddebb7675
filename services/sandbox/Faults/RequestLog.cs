namespace Empire.Sandbox.Faults;

/// <summary>What the providers were asked, for assertions. Keeps the last <see cref="Capacity"/> requests, never the keys they carried.</summary>
public sealed class RequestLog
{
    public const int Capacity = 5000;
    readonly Lock gate = new();
    readonly Queue<Entry> entries = new();

    /// <param name="Status">What was answered; 0 when the connection was cut.</param>
    /// <param name="Fault">Kind of the fault that hit it, if one did.</param>
    public sealed record Entry(DateTimeOffset At, string Provider, string Method, string Path, string Query, string Body, int Status, string? Fault);

    public void Add(Entry entry)
    {
        lock (gate)
        {
            entries.Enqueue(entry);
            if (entries.Count > Capacity) entries.Dequeue();
        }
    }

    public IReadOnlyList<Entry> Of(string? provider)
    {
        lock (gate) return [.. entries.Where(e => provider is null || e.Provider == provider)];
    }

    public void Clear()
    {
        lock (gate) entries.Clear();
    }
}
