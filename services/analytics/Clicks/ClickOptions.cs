using System.ComponentModel.DataAnnotations;

namespace Empire.Analytics.Clicks;

/// <summary>Section "Clicks".</summary>
public sealed class ClickOptions
{
    /// <summary>Commits under way at a time in this process. More hide the latency of a commit, fewer make bigger ones.</summary>
    [Range(1, 16)] public int Writers { get; init; } = 2;

    /// <summary>Clicks in one commit, at most.</summary>
    [Range(1, 50_000)] public int BatchSize { get; init; } = 2_000;

    /// <summary>How long visitors wait for PostgreSQL before their clicks go to the spool instead; whole seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:01:00")] public TimeSpan WriteTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>After a failed commit, clicks go straight to the spool this long, so that no visitor waits for a database known to be down.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:10:00")] public TimeSpan RestAfterFailure { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>A folder that outlives the process. Null: <c>clicks</c> under <c>EMPIRE_HOME</c>, the installation's folder, or beside the program where that is not set.</summary>
    public string? SpoolFolder { get; init; }

    /// <summary>The spool's bound; about 250 bytes a click.</summary>
    [Range(1_000, long.MaxValue)] public long SpoolBytes { get; init; } = 256L * 1024 * 1024;

    /// <summary>Between two looks into the spool.</summary>
    [Range(typeof(TimeSpan), "00:00:00.050", "00:10:00")] public TimeSpan DrainEvery { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Clicks told to the other services in a second, at most: a burst is stored at once and announced in peace.</summary>
    [Range(10, 1_000_000)] public int AnnouncedPerSecond { get; init; } = 1_000;

    internal string Folder => SpoolFolder ?? Path.Combine(Environment.GetEnvironmentVariable("EMPIRE_HOME") ?? AppContext.BaseDirectory, "clicks");
}
