namespace Empire.Telemetry.Ingest;

/// <summary>How fast samples come in just now: the mean of the last tenth of a second or so, older ones fading.</summary>
internal sealed class Inflow(TimeProvider clock)
{
    private const double MemorySeconds = 0.1;

    private readonly Lock gate = new();
    private double recent; // samples, the older the less
    private long at = clock.GetTimestamp();

    public double PerSecond
    {
        get { lock (gate) return Faded() / MemorySeconds; }
    }

    public void Add(long samples)
    {
        lock (gate) (recent, at) = (Faded() + samples, clock.GetTimestamp());
    }

    private double Faded() => recent * Math.Exp(-clock.GetElapsedTime(at).TotalSeconds / MemorySeconds);
}
