using System.ComponentModel.DataAnnotations;

namespace Empire.Telemetry.Ingest;

/// <summary>Section "Ingest".</summary>
internal sealed class IngestOptions
{
    /// <summary>Commits under way at a time.</summary>
    [Range(1, 16)] public int Writers { get; init; } = 2;

    /// <summary>Samples in one commit, at most; one batch may exceed it.</summary>
    [Range(1, 1_000_000)] public int CommitSamples { get; init; } = 20_000;

    /// <summary>Samples that wait for a commit, at most. What comes beyond is not taken: its sender keeps it and tries again.</summary>
    [Range(1, 10_000_000)] public int MostWaiting { get; init; } = 200_000;

    /// <summary>How long a sender waits before it tries again what was not taken.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")] public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>GPUs and MIG instances that an agent may name in a day which it never named before, at most. A host of eight GPUs that are split anew each hour names 1,344.</summary>
    [Range(1, 1_000_000)] public int MostNewSeries { get; init; } = 4_096;

    /// <summary>Open streams of one process, at most.</summary>
    [Range(1, 1_000_000)] public int MostStreams { get; init; } = 20_000;
}
