using Empire.Sandbox.Documents;

namespace Empire.Sandbox.Webhooks;

/// <summary>The webhooks of one provider that are still to be delivered, and what became of the others since the start.</summary>
public sealed class WebhookQueue(DocumentStore store, TimeProvider clock) : IDisposable
{
    const int DeliveriesKept = 5000;
    static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50), Idle = TimeSpan.FromSeconds(1);
    readonly Lock gate = new();
    readonly List<Pending> pending = [];
    readonly Queue<Delivery> deliveries = new();
    readonly SemaphoreSlim changed = new(0);
    int world; // counts the resets

    /// <param name="World">Between which resets it was announced; an attempt under way during a reset must not come back after it.</param>
    public sealed record Pending(Webhook Webhook, int Attempts, DateTimeOffset NotBefore, int World);

    /// <param name="Outcome">"200" and the like, "unreachable", "dropped" by a fault, or "unaddressed" when its endpoint is gone.</param>
    public sealed record Delivery(string Id, string Subject, string About, string Outcome, int Attempt, DateTimeOffset At);

    public void Add(IEnumerable<Webhook> webhooks)
    {
        lock (gate) pending.AddRange(webhooks.Select(w => new Pending(w, 0, clock.GetUtcNow(), world)));
        changed.Release();
    }

    /// <summary>The oldest whose time has come; it stays undelivered until settled or put back.</summary>
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

    public void PutBack(Pending webhook)
    {
        lock (gate)
        {
            if (webhook.World == world) pending.Add(webhook);
        }
        changed.Release();
    }

    /// <summary>Delivered or given up: not to be sent again, also after a restart.</summary>
    public void Settle(Pending webhook)
    {
        if (IsCurrent(webhook)) store.Change(work => { work.Remove(webhook.Webhook.Id); return true; });
    }

    public void Note(Pending webhook, string outcome, int attempt)
    {
        lock (gate)
        {
            if (webhook.World != world) return;
            deliveries.Enqueue(new(webhook.Webhook.Id, webhook.Webhook.Subject, webhook.Webhook.About, outcome, attempt, clock.GetUtcNow()));
            if (deliveries.Count > DeliveriesKept) deliveries.Dequeue();
        }
    }

    /// <returns>False when the world was reset since it was announced.</returns>
    public bool IsCurrent(Pending webhook)
    {
        lock (gate) return webhook.World == world;
    }

    /// <summary>Every attempt since the start, oldest first.</summary>
    public IReadOnlyList<Delivery> Deliveries
    {
        get { lock (gate) return [.. deliveries]; }
    }

    public int Waiting
    {
        get { lock (gate) return pending.Count; }
    }

    /// <summary>Returns when something was announced or put back, and soon enough for the next retry.</summary>
    public Task WaitAsync(CancellationToken ct) => changed.WaitAsync(Waiting > 0 ? Tick : Idle, ct);

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
