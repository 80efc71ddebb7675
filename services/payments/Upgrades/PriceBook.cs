using System.ComponentModel.DataAnnotations;
using Empire.Payments.Stripe;

namespace Empire.Payments.Upgrades;

/// <summary>Section "Prices": what a month of each tier costs. The request never says.</summary>
public sealed class PriceBook : IValidatableObject
{
    [Range(0.01, 1_000_000)] public decimal Professional { get; set; } = 49;
    [Range(0.01, 1_000_000)] public decimal Enterprise { get; set; } = 199;
    [Required, RegularExpression("^[A-Z]{3}$")] public string Currency { get; set; } = "USD";

    /// <summary>A price that cannot be charged is found when it is set, and not by who wants to pay it.</summary>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (!Empire.Currency.TryParse(Currency, out var currency))
        {
            yield return new("an ISO 4217 code, as USD.", [nameof(Currency)]);
            yield break;
        }
        foreach (var (name, price) in ((string, decimal)[])[(nameof(Professional), Professional), (nameof(Enterprise), Enterprise)])
            if (price % StripeMoney.Step(currency).Amount != 0) yield return new($"an amount that can be charged: a multiple of {StripeMoney.Step(currency).Amount} {currency}.", [name]);
    }

    /// <returns>Null where the tier is not sold.</returns>
    public Money? Of(string tier) => tier switch
    {
        "professional" => Money.Of(Professional, Empire.Currency.Parse(Currency)),
        "enterprise" => Money.Of(Enterprise, Empire.Currency.Parse(Currency)),
        _ => null,
    };
}
