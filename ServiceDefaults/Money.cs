namespace Empire;

/// <summary>An exact amount: <paramref name="Micros"/> millionths of one unit of an ISO 4217 currency (1 USD = 1_000_000), so that a card
/// charge and a fraction of a cent of tokens are the same type. What does not convert exactly is refused, never rounded in silence.</summary>
/// <param name="Micros">May be negative: a reversal.</param>
public readonly record struct Money(long Micros, Currency Currency) : IComparable<Money>
{
    public const long MicrosPerUnit = 1_000_000;

    /// <summary>The amount as a plain decimal with up to six places, as the REST API shows it.</summary>
    public decimal Amount => (decimal)Micros / MicrosPerUnit;

    public static Money Zero(Currency currency) => new(0, currency);

    /// <exception cref="ArgumentException">More than six decimals.</exception>
    /// <exception cref="OverflowException">Beyond ±9.2 trillion units.</exception>
    public static Money Of(decimal amount, Currency currency)
    {
        var micros = amount * MicrosPerUnit;
        if (micros != decimal.Truncate(micros)) throw new ArgumentException($"{amount} has more than six decimals.", nameof(amount));
        return new(checked((long)micros), currency);
    }

    /// <summary>From a provider's minor units: cents for EUR, yen for JPY, fils for KWD.</summary>
    public static Money FromMinor(long minor, Currency currency) => new(checked(minor * MicrosPerMinor(currency)), currency);

    /// <returns>False when the amount is no whole number of minor units; the provider could not take it exactly.</returns>
    public bool TryToMinor(out long minor)
    {
        (minor, var rest) = Math.DivRem(Micros, MicrosPerMinor(Currency));
        return rest == 0;
    }

    /// <summary>A rate of this amount, rounded half to even once, to the micro.</summary>
    /// <exception cref="OverflowException">Beyond ±9.2 trillion units.</exception>
    public Money Times(decimal rate) => this with { Micros = checked((long)decimal.Round(Micros * rate, MidpointRounding.ToEven)) };

    /// <summary>Splits into parts that sum to the whole: equal, with the remaining micros one each to the first parts.</summary>
    /// <exception cref="ArgumentOutOfRangeException">Fewer than one part.</exception>
    public Money[] Split(int parts)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 1);
        var (share, rest) = Math.DivRem(Micros, parts);
        var result = new Money[parts];
        for (var i = 0; i < parts; i++) result[i] = this with { Micros = share + (i < Math.Abs(rest) ? Math.Sign(rest) : 0) };
        return result;
    }

    /// <exception cref="ArgumentException">The amount is in another currency: the caller's bug.</exception>
    public long In(Currency currency) => Currency == currency ? Micros : throw new ArgumentException($"{Currency} where {currency} is needed.", nameof(currency));

    public static Money operator +(Money a, Money b) => a with { Micros = checked(a.Micros + b.In(a.Currency)) };
    public static Money operator -(Money a, Money b) => a with { Micros = checked(a.Micros - b.In(a.Currency)) };
    public static Money operator -(Money a) => a with { Micros = checked(-a.Micros) };
    public static bool operator <(Money a, Money b) => a.CompareTo(b) < 0;
    public static bool operator >(Money a, Money b) => a.CompareTo(b) > 0;
    public static bool operator <=(Money a, Money b) => a.CompareTo(b) <= 0;
    public static bool operator >=(Money a, Money b) => a.CompareTo(b) >= 0;

    public int CompareTo(Money other) => Micros.CompareTo(other.In(Currency));

    public override string ToString() => $"{Amount:0.00####} {Currency}";

    private static long MicrosPerMinor(Currency currency) => currency.Exponent switch { 0 => 1_000_000, 3 => 1_000, _ => 10_000 };
}
