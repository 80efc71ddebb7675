namespace Empire.Bench;

/// <summary>Single measurements, in milliseconds.</summary>
internal sealed class Latencies
{
    private readonly List<double> milliseconds = [];

    public void Add(TimeSpan elapsed) => milliseconds.Add(elapsed.TotalMilliseconds);

    /// <param name="share">0.5 for the median, 0.99 for the worst hundredth; nearest rank.</param>
    public double Percentile(double share) =>
        milliseconds.Order().ElementAt(Math.Max(0, (int)Math.Ceiling(share * milliseconds.Count) - 1));

    public override string ToString() => $"p50 {Percentile(0.5):0.0} ms, p99 {Percentile(0.99):0.0} ms";
}
