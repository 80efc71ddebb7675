using System.Collections.Frozen;
using Microsoft.Extensions.Options;

namespace Empire.Sandbox.Stripe;

/// <summary>The one currency that the account's balance is kept in, and what others are worth in it: a little else each day, unless the control side has said how much. Without one, every currency is settled in itself.</summary>
public sealed class StripeSettlement(IOptions<SandboxOptions> options)
{
    /// <summary>US dollars for one unit, about as in 2026.</summary>
    static readonly FrozenDictionary<string, decimal> Dollars = new Dictionary<string, decimal>
    {
        ["usd"] = 1m, ["eur"] = 1.08m, ["gbp"] = 1.27m, ["chf"] = 1.12m, ["cad"] = 0.73m, ["aud"] = 0.66m, ["jpy"] = 0.0067m, ["ngn"] = 0.00065m, ["kes"] = 0.0077m, ["kwd"] = 3.25m, ["inr"] = 0.012m, ["zar"] = 0.054m,
    }.ToFrozenDictionary();

    volatile Setting setting = Configured(options.Value);

    /// <summary>As configured.</summary>
    public void Reset() => setting = Configured(options.Value);

    /// <param name="currency">In lower case; null: every currency in itself.</param>
    /// <param name="rates">Of the settlement's currency for one unit of others; those hold whatever the day.</param>
    public void Set(string? currency, IReadOnlyDictionary<string, decimal> rates) => setting = new(currency, rates.ToFrozenDictionary());

    /// <returns>Null where the currency is settled in itself: it is the account's own, or nothing is known of its worth.</returns>
    internal (string Currency, decimal Rate)? Of(string currency, DateTimeOffset at)
    {
        var (into, rates) = setting;
        if (into is null || into == currency) return null;
        if (rates.TryGetValue(currency, out var given)) return (into, given);
        if (!Dollars.TryGetValue(currency, out var worth) || !Dollars.TryGetValue(into, out var unit)) return null;
        var day = at.ToUnixTimeSeconds() / 86_400 % 200; // three percent up and down, never the same on two days of half a year
        return (into, decimal.Round(worth / unit * (1 + 0.0003m * (day - 100)), 8));
    }

    /// <summary>Whole units of the smallest, rounded half up.</summary>
    internal static long Changed(long amount, string from, string into, decimal rate) =>
        (long)decimal.Round(amount * rate * StripeCurrency.UnitsOf(into) / StripeCurrency.UnitsOf(from), MidpointRounding.AwayFromZero);

    static Setting Configured(SandboxOptions options) => new(options.Stripe.SettlesIn is { Length: > 0 } currency ? StripeCurrency.Require(currency) : null, FrozenDictionary<string, decimal>.Empty);

    sealed record Setting(string? Currency, FrozenDictionary<string, decimal> Rates);
}
