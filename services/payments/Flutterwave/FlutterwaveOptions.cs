using System.ComponentModel.DataAnnotations;
using Empire.Credentials;
using Empire.Http;

namespace Empire.Payments.Flutterwave;

/// <summary>Section "Providers:Flutterwave".</summary>
public sealed class FlutterwaveOptions : ProviderOptions
{
    [Required, ProviderKey("gateway")] public string SecretKey { get; set; } = "";

    /// <summary>What every webhook carries as <c>verif-hash</c>.</summary>
    [Required] public string SecretHash { get; set; } = "";

    /// <summary>Refuses a live key: nothing real may be charged from here.</summary>
    public bool TestMode { get; set; }

    public bool Test => Sandbox || SecretKey.StartsWith("FLWSECK_TEST-", StringComparison.Ordinal);
}
