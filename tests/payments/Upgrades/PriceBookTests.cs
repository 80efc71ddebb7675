using System.ComponentModel.DataAnnotations;
using System.Globalization;
using Empire.Payments.Upgrades;

namespace Empire.Payments.Tests.Upgrades;

/// <summary>What cannot be charged is no price: the start is refused, with the setting's name.</summary>
public sealed class PriceBookTests
{
    [Theory]
    [InlineData("USD", "49", "199")]
    [InlineData("USD", "49.99", "199", null)]
    [InlineData("USD", "49.999", "199", "Professional")]
    [InlineData("JPY", "4900", "19900.5", "Enterprise")]
    [InlineData("JPY", "49.5", "199.5", "Professional Enterprise")]
    [InlineData("KWD", "15.12", "61.125", "Enterprise")]
    [InlineData("XYZ", "49", "199", "Currency")]
    [InlineData("USD", "0", "199", "Professional")]
    public void A_price_is_an_amount_that_can_be_charged_in_its_currency(string currency, string professional, string enterprise, string? wrong = null)
    {
        var book = new PriceBook { Currency = currency, Professional = decimal.Parse(professional, CultureInfo.InvariantCulture), Enterprise = decimal.Parse(enterprise, CultureInfo.InvariantCulture) };
        List<ValidationResult> results = [];
        Validator.TryValidateObject(book, new(book), results, validateAllProperties: true);
        Assert.Equal(wrong?.Split(' ') ?? [], results.SelectMany(result => result.MemberNames));
    }
}
