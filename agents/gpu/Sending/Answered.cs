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

    public void Stored(ulong sequence) => spool.Acknowledge(sequence);

    /// <summary>A refused batch never gets through as it is: it is counted as lost, and those behind it go on.</summary>
    public void Refused(ulong sequence, int samples, bool toldHost, IReadOnlyCollection<string> errors)
    {
        journal.Error($"The server refused batch {sequence} with {samples} samples: {string.Join("; ", errors.Take(5))}");
        if (samples > 0) spool.CountLost(samples);
        if (toldHost) HostRefused?.Invoke();
        spool.Acknowledge(sequence);
    }

    public static string Words(FieldError error) => $"{error.Field} {error.Detail}";
}
