using Empire.Contracts.V1;
using Empire.GpuAgent.Spooling;

namespace Empire.GpuAgent.Sending;

/// <summary>The server did not take a batch and asks to send it again later.</summary>
internal sealed class NotTakenException(TimeSpan after) : Exception
{
    public NotTakenException() : this(TimeSpan.Zero) { }
    public TimeSpan After => after;
}

/// <summary>What becomes of a batch once the server has answered, over either way.</summary>
internal sealed class Answered(Spool spool, Journal journal)
{
    /// <summary>Called when a batch that told about the host was refused.</summary>
    public Action? HostRefused { get; set; }

    /// <summary>Whether the server has said, since the start, which number it has: before that nobody knows whether those here are free.</summary>
    public bool HasMet { get; private set; }

    /// <param name="highest">The highest number that the server has of this agent.</param>
    public void Greeted(ulong highest)
    {
        spool.Greeted(highest);
        HasMet = true;
    }

    /// <summary>The server had a higher number than any that was sent before these came, and took them for a repetition.</summary>
    public void PassedOver(IReadOnlyList<SampleBatch> batches, ulong highest)
    {
        var samples = batches.Sum(batch => batch.Samples.Count);
        journal.Error($"The server took batches {batches[0].Sequence} to {batches[^1].Sequence} with {samples} samples for a repetition: somebody else reports under the id of this agent. They are counted as lost.");
        spool.CountLost(samples, batches.Select(batch => batch.Dropped));
        spool.Greeted(highest);
    }

    public void Stored(ulong sequence) => spool.Acknowledge(sequence);

    /// <summary>A refused batch never gets through as it is: it is counted as lost, and those behind it go on.</summary>
    /// <param name="told">What the batch had counted, where the server does not count it of one that it refuses (over HTTP): the next one says it again.</param>
    public void Refused(ulong sequence, int samples, bool toldHost, IReadOnlyCollection<string> errors, Dropped? told = null)
    {
        journal.Error($"The server refused batch {sequence} with {samples} samples: {string.Join("; ", errors.Take(5))}");
        spool.CountLost(samples, told);
        if (toldHost) HostRefused?.Invoke();
        spool.Acknowledge(sequence);
    }

    /// <summary>What the server said of this host's clock.</summary>
    /// <param name="shiftMs">To be added to be right; 0: it is right.</param>
    public void Clock(long shiftMs)
    {
        if (shiftMs == 0)
        {
            journal.Healed("clock", "The clock of this host agrees with the server's again.");
            return;
        }
        var off = TimeSpan.FromMilliseconds(Math.Abs(shiftMs));
        var words = off >= TimeSpan.FromDays(2) ? $"{off.TotalDays:0} days" : off >= TimeSpan.FromHours(2) ? $"{off.TotalHours:0} hours" : $"{off.TotalMinutes:0} minutes";
        journal.WarnOnce("clock", $"The clock of this host is {words} {(shiftMs < 0 ? "ahead of" : "behind")} the server's: set it, for instance by timedatectl set-ntp true. {(shiftMs < 0 ? "Until then the server takes the samples by its own clock." : "")}".TrimEnd());
    }

    public static string Words(FieldError error) => $"{error.Field} {error.Detail}";
}
