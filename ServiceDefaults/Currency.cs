using System.Collections.Frozen;

namespace Empire;

/// <summary>An ISO 4217 currency, with the number of decimals its minor unit has.</summary>
public readonly record struct Currency
{
    /// <summary>Decimals other than 2, of the active codes (ISO 4217 amendment 176).</summary>
    private static readonly FrozenDictionary<string, int> Exponents = new Dictionary<string, int>
    {
        ["BIF"] = 0, ["CLP"] = 0, ["DJF"] = 0, ["GNF"] = 0, ["ISK"] = 0, ["JPY"] = 0, ["KMF"] = 0, ["KRW"] = 0, ["PYG"] = 0,
        ["RWF"] = 0, ["UGX"] = 0, ["VND"] = 0, ["VUV"] = 0, ["XAF"] = 0, ["XOF"] = 0, ["XPF"] = 0,
        ["BHD"] = 3, ["IQD"] = 3, ["JOD"] = 3, ["KWD"] = 3, ["LYD"] = 3, ["OMR"] = 3, ["TND"] = 3,
    }.ToFrozenDictionary();

    private static readonly FrozenSet<string> TwoDecimals = (
        "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY COP CRC CUP CVE CZK DKK "
        + "DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP "
        + "LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD "
        + "RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VED VES WST XCD "
        + "YER ZAR ZMW").Split(' ').ToFrozenSet();

    private readonly string? code;

    private Currency(string code) => this.code = code;

    public static Currency Usd { get; } = new("USD");
    public static Currency Eur { get; } = new("EUR");

    /// <summary>Three upper-case letters.</summary>
    public string Code => code ?? throw new InvalidOperationException("A currency was never set.");

    /// <summary>Decimals of the minor unit: 0 (JPY), 2 (EUR) or 3 (KWD).</summary>
    public int Exponent => Exponents.GetValueOrDefault(Code, 2);

    /// <param name="text">An active ISO 4217 code in any case.</param>
    public static bool TryParse(string? text, out Currency currency)
    {
        var upper = text?.ToUpperInvariant();
        var known = upper is not null && (TwoDecimals.Contains(upper) || Exponents.ContainsKey(upper));
        currency = known ? new(upper!) : default;
        return known;
    }

    /// <exception cref="FormatException">Not an active ISO 4217 code.</exception>
    public static Currency Parse(string text) =>
        TryParse(text, out var currency) ? currency : throw new FormatException($"'{text}' is not an ISO 4217 currency.");

    public override string ToString() => Code;
}
