using System.ComponentModel.DataAnnotations;

namespace Empire.Autopilot.Cycles;

/// <summary>Section "Autopilot:Cycles".</summary>
public sealed class CycleOptions
{
    /// <summary>Cycles that may run at once over the whole installation; the next one waits.</summary>
    [Range(1, 1000)] public int Concurrency { get; init; } = 10;

    /// <summary>Errors of one step in a row before the cycle fails. A neighbour that is away is not an error: see <see cref="OutagePatience"/>.</summary>
    [Range(1, 100)] public int Attempts { get; init; } = 8;

    /// <summary>How long a runner may be silent before another takes its step. A living runner renews at a third of this.</summary>
    [Range(typeof(TimeSpan), "00:00:02", "00:10:00")] public TimeSpan Lease { get; init; } = TimeSpan.FromSeconds(12);

    /// <summary>How long a step waits for a neighbour that does not answer before the cycle fails, counted from the last time it did.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")] public TimeSpan OutagePatience { get; init; } = TimeSpan.FromHours(6);

    /// <summary>How long pieces may take before the cycle goes on with those that are there.</summary>
    public TimeSpan GenerateDeadline { get; init; } = TimeSpan.FromHours(2);

    /// <summary>How long publications may take before the cycle goes on; they are not abandoned, only no longer waited for.</summary>
    public TimeSpan PublishDeadline { get; init; } = TimeSpan.FromHours(1);

    /// <summary>How long the last costs may be on their way to analytics.</summary>
    public TimeSpan ComputeDeadline { get; init; } = TimeSpan.FromMinutes(5);
}
