using System.Text;

namespace Empire.Sandbox.Stripe;

/// <summary>A secret key as bearer, or as the user name of HTTP Basic. Any is accepted, but a publishable one and one that contains "invalid".</summary>
static class StripeKey
{
    /// <exception cref="StripeException">401</exception>
    public static void Require(HttpRequest request)
    {
        var key = Of(request.Headers.Authorization.ToString());
        if (string.IsNullOrWhiteSpace(key))
            throw StripeException.Unauthorized("You did not provide an API key. You need to provide your API key in the Authorization header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY').");
        if (key.StartsWith("pk_", StringComparison.Ordinal))
            throw StripeException.Unauthorized("This API call cannot be made with a publishable API key. Please use a secret API key.", "secret_key_required");
        if (key.Contains("invalid", StringComparison.OrdinalIgnoreCase)) throw StripeException.Unauthorized($"Invalid API Key provided: {new string('*', 8)}{key[^Math.Min(4, key.Length)..]}");
    }

    /// <returns>Null where no key is shown, as on a page.</returns>
    public static bool? IsLive(HttpRequest request) => Of(request.Headers.Authorization.ToString())?.Contains("_live_", StringComparison.Ordinal);

    static string? Of(string header)
    {
        if (header.StartsWith("Bearer ", StringComparison.OrdinalIgnoreCase)) return header["Bearer ".Length..].Trim();
        if (!header.StartsWith("Basic ", StringComparison.OrdinalIgnoreCase)) return null;
        var buffer = new byte[header.Length];
        return Convert.TryFromBase64String(header["Basic ".Length..].Trim(), buffer, out var length) ? Encoding.UTF8.GetString(buffer, 0, length).Split(':')[0] : null;
    }
}
