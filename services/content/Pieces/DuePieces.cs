using System.Threading.Channels;
using Microsoft.Extensions.Options;

namespace Empire.Content.Pieces;

/// <summary>Wakes this process's idle workers when it was just asked for pieces, instead of at their next look.</summary>
public sealed class DuePieces(IOptions<GenerationOptions> options, TimeProvider clock)
{
    private readonly Channel<bool> wake = Channel.CreateBounded<bool>(new BoundedChannelOptions(options.Value.Parallelism) { FullMode = BoundedChannelFullMode.DropWrite });

    /// <param name="pieces">How many workers they can keep busy.</param>
    public void Announce(int pieces)
    {
        for (var i = 0; i < Math.Min(pieces, options.Value.Parallelism); i++) wake.Writer.TryWrite(true);
    }

    /// <summary>Returns at the next announcement, or after the poll interval: another process may have been asked.</summary>
    public async Task WaitAsync(CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct);
        await Task.WhenAny(wake.Reader.ReadAsync(either.Token).AsTask(), Task.Delay(options.Value.PollEvery, clock, either.Token));
        await either.CancelAsync();
        ct.ThrowIfCancellationRequested();
    }
}
