using System.ComponentModel.DataAnnotations;

namespace Empire.Content.Pieces;

/// <summary>Section "Generation".</summary>
public sealed class GenerationOptions
{
    /// <summary>Pieces under way at once in this process. The providers' windows hold over all processes.</summary>
    [Range(1, 100)] public int Parallelism { get; init; } = 5;

    /// <summary>How long a worker keeps a piece without a sign of life; longer than a call takes.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "01:00:00")] public TimeSpan Lease { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How often an idle worker looks for pieces that another process was asked for.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:10:00")] public TimeSpan PollEvery { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>A piece whose workers died this often is given up: it may be what kills them.</summary>
    [Range(1, 100)] public int LongestTries { get; init; } = 5;
}
