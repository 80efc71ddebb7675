using Empire.Analytics.Returns;

namespace Empire.Analytics.Tests.Returns;

public sealed class ReturnTests
{
    [Theory]
    [InlineData("150", "600", "300")]
    [InlineData("150", "150", "0")]
    [InlineData("150", "0", "-100")]
    [InlineData("412", "2000", "385.44")]
    [InlineData("3", "1", "-66.67")]
    [InlineData("0.000001", "1000", "99999999900")]
    public void Return_on_investment_is_what_remains_over_what_was_spent(string cost, string revenue, string percent) =>
        Assert.Equal(decimal.Parse(percent), new Return(Money.Of(decimal.Parse(cost), Currency.Usd), Money.Of(decimal.Parse(revenue), Currency.Usd)).RoiPercent);

    [Fact]
    public void Where_nothing_was_spent_it_is_undefined() => Assert.Null(new Return(Money.Zero(Currency.Usd), Money.Of(5, Currency.Usd)).RoiPercent);

    [Fact]
    public void Where_more_was_credited_than_spent_it_is_undefined_too() => Assert.Null(new Return(Money.Of(-3, Currency.Usd), Money.Of(5, Currency.Usd)).RoiPercent);
}
