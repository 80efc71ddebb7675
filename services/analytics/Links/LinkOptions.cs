using System.ComponentModel.DataAnnotations;

namespace Empire.Analytics.Links;

/// <summary>Section "Links".</summary>
public sealed class LinkOptions
{
    /// <summary>Becomes <c>utm_source</c>: by what name the shops know this site.</summary>
    [Required, StringLength(100)] public string Site { get; init; } = "empire";

    /// <summary>Links held in memory; about 1 KiB each.</summary>
    [Range(100, 10_000_000)] public int CachedLinks { get; init; } = 100_000;

    /// <summary>How long a link is served from memory.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")] public TimeSpan KnownFor { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a code that leads nowhere is answered from memory; a link made meanwhile stays invisible that long.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")] public TimeSpan UnknownFor { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a visitor waits for a link that is not in memory.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:00:30")] public TimeSpan LookupTimeout { get; init; } = TimeSpan.FromSeconds(3);
}
