using System.Diagnostics.Metrics;

namespace Empire.Content.Pieces;

/// <summary>How long pieces take and what becomes of them, as metrics.</summary>
public sealed class GenerationMeter
{
    private readonly Histogram<double> duration;

    public GenerationMeter(IMeterFactory meters)
    {
        duration = meters.Create("Empire.Content").CreateHistogram<double>("content.generation.duration", "s", "From taking a piece to storing it, waits included");
    }

    public void Record(string kind, WritingOutcome outcome, TimeSpan took) =>
        duration.Record(took.TotalSeconds, new("kind", kind), new KeyValuePair<string, object?>("outcome", outcome.ToString().ToLowerInvariant()));
}
