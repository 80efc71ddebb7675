using Empire.Hosting;
using Microsoft.Extensions.Options;

namespace Empire.Content.Pieces;

/// <summary>Wakes this process's idle workers when it was just asked for pieces, instead of at their next look.</summary>
public sealed class DuePieces(IOptions<GenerationOptions> options, TimeProvider clock)
{
    private readonly WakeUp wake = new(options.Value.Parallelism);

    /// <param name="pieces">How many workers they can keep busy.</param>
    public void Announce(int pieces)
    {
        for (var i = 0; i < Math.Min(pieces, options.Value.Parallelism); i++) wake.Set();
    }

    /// <summary>Returns at the next announcement, or after the poll interval: another process may have been asked.</summary>
    public Task WaitAsync(CancellationToken ct) => wake.WaitAsync(options.Value.PollEvery, ct, clock);
}
