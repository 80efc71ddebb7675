using System.ComponentModel.DataAnnotations;

namespace Empire.Payments.Ledger;

/// <summary>Section "Ledger".</summary>
public sealed class LedgerOptions
{
    /// <summary>How often balances are held against the lines booked since.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")] public TimeSpan CheckEvery { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often against all lines.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "30.00:00:00")] public TimeSpan CheckWholeEvery { get; set; } = TimeSpan.FromDays(1);
}
