using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Stripe;

/// <summary>Verifies and reads what Stripe posts to a webhook.</summary>
public static class EventUtility
{
    const long DefaultTimeTolerance = 300;
    static readonly UTF8Encoding Strict = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>Reads an event without verifying who sent it.</summary>
    /// <param name="throwOnApiVersionMismatch">The objects of another version may lack fields or have them elsewhere.</param>
    /// <exception cref="StripeException">It is no event, or one of another API version.</exception>
    public static Event ParseEvent(string json, bool throwOnApiVersionMismatch = true)
    {
        Event parsed;
        try
        {
            parsed = StripeEntity.FromJson<Event>(json) ?? throw new JsonException("It is null.");
        }
        catch (JsonException e)
        {
            throw new StripeException($"The body of the webhook is not an event: {e.Message}", e);
        }
        if (throwOnApiVersionMismatch && parsed.ApiVersion != StripeConfiguration.ApiVersion)
        {
            throw new StripeException(
                $"The event has API version {parsed.ApiVersion}, and these types describe {StripeConfiguration.ApiVersion}. Give the webhook endpoint that version, " +
                "or pass throwOnApiVersionMismatch: false and expect fields that are missing.");
        }
        return parsed;
    }

    /// <summary>Verifies and reads an event.</summary>
    /// <param name="json">The body as it came, to the byte.</param>
    /// <param name="stripeSignatureHeader">The header Stripe-Signature.</param>
    /// <param name="secret">The whole secret of the endpoint, with its <c>whsec_</c>.</param>
    /// <param name="tolerance">Seconds that the signature may be older or newer than now.</param>
    /// <exception cref="StripeException">Not signed with the secret, too old or too new, no event, or of another API version.</exception>
    public static Event ConstructEvent(
        string json, string stripeSignatureHeader, string secret, long tolerance = DefaultTimeTolerance, bool throwOnApiVersionMismatch = true) =>
        ConstructEvent(json, stripeSignatureHeader, secret, tolerance, Now(), throwOnApiVersionMismatch);

    /// <inheritdoc cref="ConstructEvent(string, string, string, long, bool)"/>
    /// <param name="utcNow">Seconds since 1970.</param>
    public static Event ConstructEvent(
        string json, string stripeSignatureHeader, string secret, long tolerance, long utcNow, bool throwOnApiVersionMismatch = true)
    {
        ValidateSignature(json, stripeSignatureHeader, secret, tolerance, utcNow);
        return ParseEvent(json, throwOnApiVersionMismatch);
    }

    /// <exception cref="StripeException">Not signed with the secret, or too old or too new.</exception>
    public static void ValidateSignature(string json, string stripeSignatureHeader, string secret, long tolerance = DefaultTimeTolerance) =>
        ValidateSignature(json, stripeSignatureHeader, secret, tolerance, Now());

    /// <inheritdoc cref="ValidateSignature(string, string, string, long)"/>
    /// <param name="utcNow">Seconds since 1970.</param>
    public static void ValidateSignature(string json, string stripeSignatureHeader, string secret, long tolerance, long utcNow)
    {
        ArgumentNullException.ThrowIfNull(json);
        // An empty key would make a signature that anybody can compute.
        if (string.IsNullOrEmpty(secret)) throw new ArgumentException("The secret of the webhook endpoint must not be empty.", nameof(secret));
        var (timestamp, signatures) = Parse(stripeSignatureHeader);
        byte[] expected;
        try
        {
            expected = Encoding.ASCII.GetBytes(Convert.ToHexStringLower(HMACSHA256.HashData(Strict.GetBytes(secret), Strict.GetBytes($"{timestamp}.{json}"))));
        }
        catch (EncoderFallbackException e)
        {
            throw new StripeException("The body of the webhook is not valid UTF-8.", e);
        }
        // During a roll-over of the secret Stripe signs with the old and the new one: any may match.
        var matches = false;
        foreach (var signature in signatures) matches |= CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature));
        if (!matches) throw new StripeException("No signature in the header Stripe-Signature was made over this body with the secret of this webhook endpoint.");
        if (Int128.Abs((Int128)utcNow - long.Parse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture)) > tolerance)
            throw new StripeException($"The webhook was signed at {timestamp}, more than {tolerance} seconds from now.");
    }

    /// <summary>The time is kept as it is written, because that text is what was signed.</summary>
    static (string Timestamp, List<string> Signatures) Parse(string header)
    {
        string timestamp = null;
        var signatures = new List<string>();
        foreach (var item in (header ?? "").Split(','))
        {
            var equals = item.IndexOf('=');
            if (equals < 0) continue;
            var (scheme, value) = (item[..equals].Trim(), item[(equals + 1)..].Trim());
            if (scheme == "t") timestamp = timestamp is null ? value : throw NotUnderstood("it has more than one time");
            else if (scheme == "v1") signatures.Add(value);
        }
        if (!long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out _)) throw NotUnderstood("it has no time");
        if (signatures.Count == 0) throw NotUnderstood("it has no signature of the scheme v1");
        return (timestamp, signatures);
    }

    static StripeException NotUnderstood(string why) => new($"The header Stripe-Signature is not understood: {why}.");

    static long Now() => TimeProvider.System.GetUtcNow().ToUnixTimeSeconds();
}
