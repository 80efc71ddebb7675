using System.Threading.Channels;

namespace Empire.Payments.Intake;

/// <summary>Wakes the worker of this process: there is a task. Other replicas' tasks are found by looking.</summary>
public sealed class TaskSignal
{
    private readonly Channel<bool> set = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => set.Writer.TryWrite(true);

    /// <summary>Returns at the next signal, or after <paramref name="atMost"/>.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken ct)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(ct);
        timeout.CancelAfter(atMost);
        try { await set.Reader.ReadAsync(timeout.Token); }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested) { } // the time is up
    }
}
