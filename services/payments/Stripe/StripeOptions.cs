using System.ComponentModel.DataAnnotations;
using Empire.Credentials;
using Empire.Http;

namespace Empire.Payments.Stripe;

/// <summary>Section "Providers:Stripe".</summary>
public sealed class StripeOptions : ProviderOptions
{
    [Required, ProviderKey("gateway")] public string SecretKey { get; set; } = "";

    /// <summary>The whole <c>whsec_…</c>; several separated by commas, for Stripe gives each endpoint its own, and events of connected accounts come to another endpoint than the account's.</summary>
    [Required] public string WebhookSecret { get; set; } = "";

    public IReadOnlyList<string> WebhookSecrets => WebhookSecret.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);

    /// <summary>How old, or how far in the future, a signature may be.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "01:00:00")] public TimeSpan Tolerance { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>How often it is looked for customers who were made by a key of the other mode, as by a process that still had it.</summary>
    [Range(typeof(TimeSpan), "00:00:10", "1.00:00:00")] public TimeSpan ModesEvery { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>Nothing that is paid here is real.</summary>
    public bool Test => Sandbox || SecretKey.Contains("_test_", StringComparison.Ordinal);
}
