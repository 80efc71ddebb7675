using Empire.Effects;
using Empire.Http;
using StripeNet = global::Stripe;

namespace Empire.Payments.Stripe;

/// <summary>Stripe's own client, over our resilience, and how its errors read as outcomes.</summary>
internal static class StripeActs
{
    /// <summary>Our clock and theirs may differ; what a lost attempt made is looked for from so long before it began.</summary>
    public static readonly TimeSpan ClockDifference = TimeSpan.FromMinutes(2);

    /// <exception cref="ProviderException">Stripe is switched off: it has no key to ask with.</exception>
    public static StripeNet.StripeClient Client(IHttpClientFactory clients, StripeOptions options) => options.Off ? throw ProviderException.SwitchedOff(StripeSetup.Provider) : new(
        options.SecretKey, httpClient: new StripeNet.SystemNetHttpClient(clients.CreateClient(StripeSetup.Provider), maxNetworkRetries: 0), apiBase: options.BaseAddress!.AbsoluteUri.TrimEnd('/')); // the pipeline repeats

    /// <param name="key">The effect's: a repeat is answered by what the first did.</param>
    public static StripeNet.RequestOptions Once(string key) => new() { IdempotencyKey = key };

    /// <summary>What an error of Stripe says of the act.</summary>
    /// <returns>Null where it says nothing for sure: the exception is to fly.</returns>
    public static EffectOutcome? Outcome(StripeNet.StripeException e) => (int)e.HttpStatusCode switch
    {
        429 => new EffectOutcome.NotDone(TimeSpan.FromSeconds(2)),
        409 => new EffectOutcome.NotDone(TimeSpan.FromSeconds(1)), // another request with this key, or on this object, is under way
        401 or 403 => new EffectOutcome.NotDone(TimeSpan.FromMinutes(1)), // our key is wrong, which is not the payer's fault: it is tried again until a person mends it
        >= 400 and < 500 => new EffectOutcome.Refused(Words(e)),
        _ => null,
    };

    /// <summary>In Stripe's words, with its code before them.</summary>
    public static string Words(StripeNet.StripeException e) => $"{CodeOf(e)}: {e.StripeError?.Message ?? e.Message}";

    public static string CodeOf(StripeNet.StripeException e) => e.StripeError?.DeclineCode ?? e.StripeError?.Code ?? e.StripeError?.Type ?? "error";

    /// <summary>The failure of a call that nobody plans, as reading: the provider's own answer, or its silence.</summary>
    public static ProviderException Failed(StripeNet.StripeException e) => new(StripeSetup.Provider, (int)e.HttpStatusCode == 0 ? null : e.HttpStatusCode, Words(e), e);
}
