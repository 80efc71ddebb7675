using System.Threading.Channels;

namespace Empire.Hosting;

/// <summary>Wakes a worker of this process that would otherwise sleep until its next look. What is set while nobody sleeps is remembered, once for each sleeper there may be. Work of
/// other replicas is found by looking.</summary>
/// <param name="sleepers">How many may be woken by as many calls of <see cref="Set"/>.</param>
public class WakeUp(int sleepers = 1)
{
    private readonly Channel<bool> set = Channel.CreateBounded<bool>(new BoundedChannelOptions(sleepers) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => set.Writer.TryWrite(true);

    /// <summary>Returns at the next wake-up, or after <paramref name="atMost"/>.</summary>
    /// <param name="clock">Whose time <paramref name="atMost"/> is; null is the machine's, where it only paces the looking.</param>
    /// <exception cref="OperationCanceledException"><paramref name="ct"/> ended the waiting.</exception>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken ct, TimeProvider? clock = null)
    {
        using var timeout = new CancellationTokenSource(atMost, clock ?? TimeProvider.System);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, timeout.Token);
        try { await set.Reader.ReadAsync(either.Token); }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested) { } // the time is up
    }
}
