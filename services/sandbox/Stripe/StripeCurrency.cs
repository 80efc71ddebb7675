using System.Collections.Frozen;

namespace Empire.Sandbox.Stripe;

/// <summary>What Stripe knows of currencies. Amounts are whole numbers of the smallest unit.</summary>
static class StripeCurrency
{
    const long LargestAmount = 99_999_999; // eight digits, docs.stripe.com/currencies, read 2026-11

    static readonly FrozenSet<string> ZeroDecimal = Set("bif clp djf gnf jpy kmf krw mga pyg rwf ugx vnd vuv xaf xof xpf");
    static readonly FrozenSet<string> ThreeDecimal = Set("bhd jod kwd omr tnd");
    static readonly FrozenSet<string> Supported = Set("""
        aed afn all amd ang aoa ars aud awg azn bam bbd bdt bgn bhd bif bmd bnd bob brl bsd bwp byn bzd cad cdf chf clp cny cop crc cve czk djf dkk dop dzd egp etb eur
        fjd fkp gbp gel gip gmd gnf gtq gyd hkd hnl htg huf idr ils inr isk jmd jod jpy kes kgs khr kmf krw kwd kyd kzt lak lbp lkr lrd lsl mad mdl mga mkd mmk mnt mop mur
        mvr mwk mxn myr mzn nad ngn nio nok npr nzd omr pab pen pgk php pkr pln pyg qar ron rsd rub rwf sar sbd scr sek sgd shp sle sos srd std szl thb tjs tnd top try ttd twd
        tzs uah ugx usd uyu uzs vnd vuv wst xaf xcd xof xpf yer zar zmw
        """);

    /// <returns>In lower case, as Stripe writes them.</returns>
    /// <exception cref="StripeException">Not a currency that Stripe takes.</exception>
    public static string Require(string currency, string parameter = "currency")
    {
        var lower = currency.ToLowerInvariant();
        return Supported.Contains(lower) ? lower : throw StripeException.Invalid($"Invalid currency: {lower}. Stripe currently supports {Supported.Count} currencies, and this is none of them.", parameter);
    }

    /// <exception cref="StripeException">Not positive, below what a card may be charged, or above eight digits.</exception>
    public static long RequireChargeable(long amount, string currency)
    {
        if (amount < 1) throw StripeException.Invalid("This value must be greater than or equal to 1.", "amount", "parameter_invalid_integer");
        if (amount < Smallest(currency)) throw StripeException.Invalid($"Amount must be at least {Smallest(currency)} of the smallest unit of {currency}.", "amount", "amount_too_small");
        if (amount > LargestAmount) throw StripeException.Invalid($"Amount must be no more than {LargestAmount} of the smallest unit of {currency}.", "amount", "amount_too_large");
        return amount;
    }

    /// <summary>Half a unit, as for US dollars; what the charge of a card costs at least.</summary>
    public static long Smallest(string currency) => currency == "gbp" ? 30 : ThreeDecimal.Contains(currency) ? 500 : 50;

    /// <summary>Stripe's own fee: 2.9 % and 30 cents, or as many hundredths of the unit; 30 units where there are no decimals. Rounded half up.</summary>
    public static long Fee(long amount, string currency)
    {
        var flat = ThreeDecimal.Contains(currency) ? 300 : 30;
        return Math.Min(amount, (long)decimal.Round(amount * 0.029m, MidpointRounding.AwayFromZero) + flat);
    }

    /// <summary>How many of the smallest make one.</summary>
    public static int UnitsOf(string currency) => ZeroDecimal.Contains(currency) ? 1 : ThreeDecimal.Contains(currency) ? 1000 : 100;

    /// <summary>15 units of the currency, as for US dollars (stripe.com/pricing, read 2026-11).</summary>
    public static long DisputeFee(string currency) => ZeroDecimal.Contains(currency) ? 1500 : ThreeDecimal.Contains(currency) ? 15_000 : 1500;

    /// <summary>For people: "97.00 USD".</summary>
    public static string Text(long amount, string currency) =>
        $"{(ZeroDecimal.Contains(currency) ? $"{amount}" : ThreeDecimal.Contains(currency) ? $"{amount / 1000m:0.000}" : $"{amount / 100m:0.00}")} {currency.ToUpperInvariant()}";

    static FrozenSet<string> Set(string words) => words.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).ToFrozenSet();
}
