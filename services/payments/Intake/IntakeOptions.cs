using System.ComponentModel.DataAnnotations;

namespace Empire.Payments.Intake;

/// <summary>Section "Intake".</summary>
public sealed class IntakeOptions
{
    /// <summary>Transactions in which one replica stores events at once; each takes all that wait.</summary>
    [Range(1, 16)] public int Writers { get; set; } = 2;

    /// <summary>The most events that one transaction stores.</summary>
    [Range(1, 10_000)] public int BatchSize { get; set; } = 500;

    /// <summary>Transactions in which one replica takes events in at once.</summary>
    [Range(1, 64)] public int Concurrency { get; set; } = 4;

    /// <summary>The most objects whose events share one of them: they share its flush to the disk, and their payments stay locked until its end.</summary>
    [Range(1, 64)] public int ObjectsAtOnce { get; set; } = 8;

    /// <summary>How long a worker that stands back for webhooks waits before it looks whether they still come.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:00:01")] public TimeSpan StandBack { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long after a webhook that had to wait for a writer the workers stand back for more like it.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:00:05")] public TimeSpan PressedFor { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>How often a replica looks for tasks that nobody told it of.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")] public TimeSpan PollEvery { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>The pause after a task that came to nothing; doubles each time, to an hour at most.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")] public TimeSpan RetryAfter { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>After so long without success a person looks.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")] public TimeSpan GiveUpAfter { get; set; } = TimeSpan.FromDays(3);

    /// <summary>A task with which the process ended so often, each time before it came to an end, is given up until a person looks.</summary>
    [Range(1, 100)] public int MostTakings { get; set; } = 5;

    /// <summary>How often the providers' own lists are read.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")] public TimeSpan ReconcileEvery { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Read again each time: a provider may list an event late, and its clock is not ours.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "7.00:00:00")] public TimeSpan Overlap { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The most payments, and the most refunds, that one such turn asks a provider for one by one; the others wait for the next.</summary>
    [Range(1, 10_000)] public int AskPerTurn { get; set; } = 100;

    /// <summary>The longest webhook that is read.</summary>
    [Range(1024, 10_000_000)] public int MaxBytes { get; set; } = 512 * 1024;
}
