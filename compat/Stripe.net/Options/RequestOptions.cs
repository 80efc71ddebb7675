namespace Stripe;

/// <summary>What one call does otherwise than its client.</summary>
public class RequestOptions
{
    /// <summary>Null for the client's.</summary>
    public string ApiKey { get; set; }
    /// <summary>At most 255 characters. Stripe answers a repeat with the first answer; null for a new key, which protects only the attempts of this call.</summary>
    public string IdempotencyKey { get; set; }
    /// <summary>The connected account (<c>acct_…</c>) for which the call is made.</summary>
    public string StripeAccount { get; set; }

    internal string BaseUrl { get; set; }
    internal string StripeVersion { get; set; }

    internal RequestOptions At(string baseUrl)
    {
        var copy = (RequestOptions)MemberwiseClone();
        copy.BaseUrl ??= baseUrl;
        return copy;
    }
}
