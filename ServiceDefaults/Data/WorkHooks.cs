using Empire.Hosting;

namespace Empire.Data;

/// <summary>What a <see cref="Work"/> tells its process: the clock it lives by, and that there is something for the dispatchers to fetch now
/// rather than at their next look.</summary>
internal sealed class WorkHooks(TimeProvider clock)
{
    private readonly WakeUp outbox = new();
    private readonly WakeUp effects = new();
    private volatile bool dispatcherWorks;

    public TimeProvider Clock => clock;

    /// <summary>False while this process cannot bring events to the broker; then the work notifies the other replicas through the database.</summary>
    public bool DispatcherWorks { get => dispatcherWorks; set => dispatcherWorks = value; }

    public void OutboxFilled() => outbox.Set();
    public void EffectsPlanned() => effects.Set();

    /// <summary>Returns at the next signal, or after <paramref name="atMost"/>: another replica may have filled the table.</summary>
    public Task WaitForOutboxAsync(TimeSpan atMost, CancellationToken ct) => outbox.WaitAsync(atMost, ct);
    public Task WaitForEffectsAsync(TimeSpan atMost, CancellationToken ct) => effects.WaitAsync(atMost, ct);
}
