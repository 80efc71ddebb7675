using System.ComponentModel.DataAnnotations;

namespace Empire.Effects;

/// <summary>Section "Effects".</summary>
public sealed class EffectsOptions
{
    /// <summary>Effects under way at once in one replica.</summary>
    [Range(1, 256)] public int Concurrency { get; set; } = 16;

    /// <summary>How long a replica that fell silent keeps an effect before another asks the provider about it. Renewed while it lives.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")] public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>The longest one call of a handler may take.</summary>
    [Range(typeof(TimeSpan), "00:00:00.1", "00:30:00")] public TimeSpan CallTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>From the moment an outcome became unknown to the first probe: a request that is still on its way must have arrived, or the probe would
    /// truthfully say "not done" too early. Doubles after each failed probe.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")] public TimeSpan ProbeDelay { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The pause after a first attempt that surely did nothing; doubles each time, where the provider does not ask for longer.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")] public TimeSpan RetryDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>After so many attempts that surely did nothing a person decides: with the pauses above, after some three hours without the provider.</summary>
    [Range(1, 100)] public int MaxAttempts { get; set; } = 40;

    /// <summary>After so many failed probes in a row a person decides.</summary>
    [Range(1, 100)] public int MaxProbes { get; set; } = 8;

    /// <summary>How often a replica looks for work that nobody told it of: due times, other replicas' plans. Also bounds how late a probe begins.</summary>
    [Range(typeof(TimeSpan), "00:00:00.01", "00:01:00")] public TimeSpan PollEvery { get; set; } = TimeSpan.FromMilliseconds(500);
}
