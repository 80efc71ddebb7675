using System.Collections.Frozen;

namespace Empire.Payments.Stripe;

/// <summary>Amounts as Stripe writes them: whole numbers of its smallest unit, which for a few currencies is not ISO 4217's.
/// Source: https://docs.stripe.com/currencies#zero-decimal and #special-cases.</summary>
internal static class StripeMoney
{
    private static readonly FrozenSet<string> NoDecimals = "BIF CLP DJF GNF JPY KMF KRW MGA PYG RWF VND VUV XAF XOF XPF".Split(' ').ToFrozenSet();

    public static Money From(long units, string currency)
    {
        var known = Currency.Parse(currency);
        return new(checked(units * MicrosPerUnit(known)), known);
    }

    /// <returns>False when Stripe cannot take the amount exactly.</returns>
    public static bool TryTo(Money amount, out long units)
    {
        (units, var rest) = Math.DivRem(amount.Micros, MicrosPerUnit(amount.Currency));
        // Three decimals, of which the last must be zero; ISK and UGX have two decimals here, both zero.
        return rest == 0 && (amount.Currency.Exponent != 3 || units % 10 == 0) && (amount.Currency.Code is not ("ISK" or "UGX") || units % 100 == 0);
    }

    /// <exception cref="ArgumentException">Stripe cannot take the amount exactly: the caller's bug, for what is asked of a payer was checked and what is made of it is a whole number of <see cref="Step"/>.</exception>
    public static long To(Money amount) => TryTo(amount, out var units) ? units : throw new ArgumentException($"Stripe cannot move {amount} exactly.", nameof(amount));

    /// <summary>The least that Stripe moves, of which every amount is a whole number: of three decimals the last is zero, and of those of ISK and UGX both are.</summary>
    public static Money Step(Currency currency) => new(NoDecimals.Contains(currency.Code) || currency.Exponent == 0 ? 1_000_000 : 10_000, currency);

    private static long MicrosPerUnit(Currency currency) => NoDecimals.Contains(currency.Code) ? 1_000_000 : currency.Exponent == 3 ? 1_000 : 10_000;
}
