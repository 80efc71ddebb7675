using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>A code that a customer types to get a coupon.</summary>
public class PromotionCode : StripeEntity<PromotionCode>, IHasId, IHasMetadata, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public bool Active { get; set; }
    public string Code { get; set; }
    public Coupon Coupon { get; set; }
    public DateTime Created { get; set; }
    [JsonIgnore] public string CustomerId { get => CustomerField.Id; set => CustomerField = CustomerField.WithId(value); }
    [JsonIgnore] public Customer Customer { get => CustomerField.Object; set => CustomerField = Expandable<Customer>.Of(value); }
    [JsonInclude, JsonPropertyName("customer")] internal Expandable<Customer> CustomerField { get; set; }
    public DateTime? ExpiresAt { get; set; }
    public bool Livemode { get; set; }
    public long? MaxRedemptions { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public PromotionCodeRestrictions Restrictions { get; set; }
    public long TimesRedeemed { get; set; }
}

public class PromotionCodeRestrictions : StripeEntity<PromotionCodeRestrictions>
{
    public Dictionary<string, PromotionCodeRestrictionsCurrencyOptions> CurrencyOptions { get; set; }
    public bool FirstTimeTransaction { get; set; }
    public long? MinimumAmount { get; set; }
    public string MinimumAmountCurrency { get; set; }
}

public class PromotionCodeRestrictionsCurrencyOptions : StripeEntity<PromotionCodeRestrictionsCurrencyOptions>
{
    public long MinimumAmount { get; set; }
}
