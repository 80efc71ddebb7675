using System.Threading.Channels;

namespace Empire.Telemetry.Settling;

/// <summary>Says that batches were stored.</summary>
internal sealed class SettleSignal
{
    private readonly Channel<bool> stored = Channel.CreateBounded<bool>(new BoundedChannelOptions(1) { FullMode = BoundedChannelFullMode.DropWrite });

    public void Wake() => stored.Writer.TryWrite(true);

    /// <summary>Until something was stored, or the time is over: another replica may have stored and died.</summary>
    public async Task WaitAsync(TimeSpan longest, CancellationToken ct)
    {
        using var look = CancellationTokenSource.CreateLinkedTokenSource(ct);
        look.CancelAfter(longest);
        try { await stored.Reader.ReadAsync(look.Token); }
        catch (OperationCanceledException) { } // time to look, or to stop
    }
}
