using System.ComponentModel.DataAnnotations;

namespace Empire.Http;

/// <summary>An absolute http or https address with a host and without a name or password in it: something that may be linked to. <see cref="UrlAttribute"/> looks at the
/// first letters only.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public sealed class WebAddressAttribute() : ValidationAttribute("wanted: an absolute http or https address, without a name or password in it.")
{
    /// <summary>Null passes, here as with every attribute but Required; an empty text does not.</summary>
    public override bool IsValid(object? value) => value is null || (value is string text && IsUsable(text));

    public static bool IsUsable(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address) && address.Host.Length > 0 && address.UserInfo.Length == 0 && (address.Scheme == Uri.UriSchemeHttp || address.Scheme == Uri.UriSchemeHttps);
}
