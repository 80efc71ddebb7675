namespace Empire.GpuAgent.Sending;

/// <summary>How long to wait before the next try: twice as long each time, and a random part of it, so that a thousand hosts do not come back in the same second.</summary>
internal sealed class Backoff(TimeSpan first, TimeSpan longest)
{
    private int failures;

    public int Failures => failures;

    public TimeSpan Next()
    {
        var ceiling = Math.Min(longest.TotalSeconds, first.TotalSeconds * Math.Pow(2, Math.Min(failures++, 30)));
        return TimeSpan.FromSeconds(ceiling * (0.5 + Random.Shared.NextDouble() / 2));
    }

    public void Reset() => failures = 0;
}
