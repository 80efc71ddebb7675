using System.ComponentModel.DataAnnotations;

namespace Empire.Payments.Upgrades;

/// <summary>Section "Prices": what a month of each tier costs. The request never says.</summary>
public sealed class PriceBook
{
    [Range(0.01, 1_000_000)] public decimal Professional { get; set; } = 49;
    [Range(0.01, 1_000_000)] public decimal Enterprise { get; set; } = 199;
    [Required, RegularExpression("^[A-Z]{3}$")] public string Currency { get; set; } = "USD";

    /// <returns>Null where the tier is not sold.</returns>
    public Money? Of(string tier) => tier switch
    {
        "professional" => Money.Of(Professional, Empire.Currency.Parse(Currency)),
        "enterprise" => Money.Of(Enterprise, Empire.Currency.Parse(Currency)),
        _ => null,
    };
}
