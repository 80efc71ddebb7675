using System.Threading.Channels;

namespace Empire.Publishing.Publications;

/// <summary>Tells the worker of this process that something was planned, so that it need not wait for its next look.</summary>
public sealed class PublicationSignal
{
    private readonly Channel<bool> set = System.Threading.Channels.Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Set() => set.Writer.TryWrite(true);

    /// <summary>Returns at the next signal, or after <paramref name="atMost"/>: another replica may have planned.</summary>
    public async Task WaitAsync(TimeSpan atMost, CancellationToken ct)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(atMost); // on the machine's clock: it only paces the looking
        try { await set.Reader.ReadAsync(limit.Token); }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested) { } // the time is up
    }
}
