using System.ComponentModel.DataAnnotations;
using Empire.Http;

namespace Empire.Payments.NowPayments;

/// <summary>Section "Providers:NowPayments".</summary>
public sealed class NowPaymentsOptions : ProviderOptions
{
    [Required] public string ApiKey { get; set; } = "";

    /// <summary>Signs their notifications.</summary>
    [Required] public string IpnSecret { get; set; } = "";

    /// <summary>Paid in coins of a test network.</summary>
    public bool Test => Sandbox || BaseAddress?.Host.Contains("sandbox", StringComparison.OrdinalIgnoreCase) == true;
}
