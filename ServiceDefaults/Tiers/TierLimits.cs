namespace Empire.Tiers;

/// <summary>What one tier allows. A number that is null is without limit.</summary>
public sealed class TierLimits
{
    /// <summary>Metered calls of a calendar month (UTC), all keys of the account together.</summary>
    public long? ApiCallsPerMonth { get; set; }

    /// <summary>Requests of one key in any hour.</summary>
    public long? RequestsPerHour { get; set; }

    public long? Products { get; set; }
    public long? Stores { get; set; }
    public long? Campaigns { get; set; }
    public long? StorageMegabytes { get; set; }

    /// <summary>Whether a cycle may start by itself every night. Cycles that a person starts are every tier's.</summary>
    public bool NightlyCycle { get; set; } = true;
}
