using FsCheck;
using FsCheck.Fluent;

namespace Empire.Tests;

/// <summary>Exact, whatever the amount: the rules as properties over generated amounts and currencies.</summary>
public sealed class MoneyTests
{
    private static readonly Currency[] Currencies = [Currency.Eur, Currency.Usd, Currency.Parse("JPY"), Currency.Parse("KWD"), Currency.Parse("clp")];

    private static readonly Arbitrary<Money> AnyMoney =
        (from micros in Gen.Choose(int.MinValue, int.MaxValue)
         from scale in Gen.Elements(1L, 1_000L, 1_000_003L)
         from currency in Gen.Elements(Currencies)
         select new Money(micros * scale, currency)).ToArbitrary();

    private static readonly Arbitrary<(long Minor, Currency Currency)> AnyMinor =
        (from minor in Gen.Choose(int.MinValue, int.MaxValue) from currency in Gen.Elements(Currencies) select ((long)minor, currency)).ToArbitrary();

    [Fact]
    public void The_parts_of_a_split_sum_to_the_whole_and_differ_by_at_most_one_micro() =>
        Prop.ForAll(AnyMoney, Gen.Choose(1, 1_000).ToArbitrary(), (whole, parts) =>
        {
            var split = whole.Split(parts);
            return split.Length == parts && split.Sum(part => part.Micros) == whole.Micros && split.Max(part => part.Micros) - split.Min(part => part.Micros) <= 1;
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Minor_units_convert_there_and_back_exactly() =>
        Prop.ForAll(AnyMinor, amount => Money.FromMinor(amount.Minor, amount.Currency).TryToMinor(out var minor) && minor == amount.Minor).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_no_whole_number_of_minor_units_is_refused() =>
        Prop.ForAll(AnyMinor, amount => !(Money.FromMinor(amount.Minor, amount.Currency) + new Money(1, amount.Currency)).TryToMinor(out _)).QuickCheckThrowOnFailure();

    [Fact]
    public void A_decimal_amount_converts_there_and_back_exactly() =>
        Prop.ForAll(AnyMoney, money => Money.Of(money.Amount, money.Currency) == money).QuickCheckThrowOnFailure();

    [Fact]
    public void What_is_added_and_taken_away_leaves_no_trace() =>
        Prop.ForAll(AnyMoney, AnyMoney, (a, b) =>
        {
            var other = b with { Currency = a.Currency };
            return a + other - other == a && a + -a == Money.Zero(a.Currency) && (a > other) == (other < a);
        }).QuickCheckThrowOnFailure();

    [Theory]
    [InlineData("JPY", 500, 500_000_000)]
    [InlineData("EUR", 1999, 19_990_000)]
    [InlineData("KWD", 1234, 1_234_000)]
    public void A_minor_unit_has_the_decimals_of_its_currency(string currency, long minor, long micros) =>
        Assert.Equal(micros, Money.FromMinor(minor, Currency.Parse(currency)).Micros);

    [Theory]
    [InlineData("1.005", "0.5", 502_500)]
    [InlineData("0.000001", "0.5", 0)] // half a micro goes to the even neighbour
    [InlineData("0.000003", "0.5", 2)]
    public void A_rate_is_rounded_once_half_to_even(string amount, string rate, long micros) =>
        Assert.Equal(micros, Money.Of(decimal.Parse(amount), Currency.Eur).Times(decimal.Parse(rate)).Micros);

    [Fact]
    public void Currencies_do_not_mix()
    {
        var (euro, dollar) = (Money.Of(1, Currency.Eur), Money.Of(1, Currency.Usd));
        Assert.Throws<ArgumentException>(() => euro + dollar);
        Assert.Throws<ArgumentException>(() => euro < dollar);
        Assert.Throws<ArgumentException>(() => euro.In(Currency.Usd));
    }

    [Fact]
    public void Beyond_the_range_is_an_error_never_a_wrong_sum()
    {
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue, Currency.Eur) + new Money(1, Currency.Eur));
        Assert.Throws<OverflowException>(() => Money.FromMinor(long.MaxValue, Currency.Eur));
        Assert.Throws<OverflowException>(() => new Money(long.MaxValue, Currency.Eur).Times(2));
        Assert.Throws<ArgumentException>(() => Money.Of(0.0000001m, Currency.Eur));
    }

    [Theory]
    [InlineData("XXX")]
    [InlineData("EURO")]
    [InlineData("")]
    [InlineData(null)]
    public void An_unknown_currency_is_refused(string? code) => Assert.False(Currency.TryParse(code, out _));
}
