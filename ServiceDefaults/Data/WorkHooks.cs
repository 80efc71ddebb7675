using System.Threading.Channels;

namespace Empire.Data;

/// <summary>What a <see cref="Work"/> tells its process: the clock it lives by, and that there is something for the dispatchers to fetch now
/// rather than at their next look.</summary>
internal sealed class WorkHooks(TimeProvider clock)
{
    private readonly Signal outbox = new();
    private readonly Signal effects = new();
    private volatile bool dispatcherWorks;

    public TimeProvider Clock => clock;

    /// <summary>False while this process cannot bring events to the broker; then the work notifies the other replicas through the database.</summary>
    public bool DispatcherWorks { get => dispatcherWorks; set => dispatcherWorks = value; }

    public void OutboxFilled() => outbox.Set();
    public void EffectsPlanned() => effects.Set();

    /// <summary>Returns at the next signal, or after <paramref name="atMost"/>: another replica may have filled the table.</summary>
    public Task WaitForOutboxAsync(TimeSpan atMost, CancellationToken ct) => outbox.WaitAsync(atMost, ct);
    public Task WaitForEffectsAsync(TimeSpan atMost, CancellationToken ct) => effects.WaitAsync(atMost, ct);

    /// <summary>Remembers one wake-up, however often it was set.</summary>
    private sealed class Signal
    {
        private readonly Channel<bool> set = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

        public void Set() => set.Writer.TryWrite(true);

        public async Task WaitAsync(TimeSpan atMost, CancellationToken ct)
        {
            using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
            timeout.CancelAfter(atMost);
            try { await set.Reader.ReadAsync(timeout.Token); }
            catch (OperationCanceledException) when (!ct.IsCancellationRequested) { } // the time is up
        }
    }
}
