using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>What a way of sending costs.</summary>
public class ShippingRate : StripeEntity<ShippingRate>, IHasId, IHasMetadata, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public bool Active { get; set; }
    public DateTime Created { get; set; }
    public ShippingRateDeliveryEstimate DeliveryEstimate { get; set; }
    public string DisplayName { get; set; }
    public ShippingRateFixedAmount FixedAmount { get; set; }
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string TaxBehavior { get; set; }
    [JsonIgnore] public string TaxCodeId { get => TaxCodeField.Id; set => TaxCodeField = TaxCodeField.WithId(value); }
    [JsonIgnore] public TaxCode TaxCode { get => TaxCodeField.Object; set => TaxCodeField = Expandable<TaxCode>.Of(value); }
    [JsonInclude, JsonPropertyName("tax_code")] internal Expandable<TaxCode> TaxCodeField { get; set; }
    public string Type { get; set; }
}

public class ShippingRateDeliveryEstimate : StripeEntity<ShippingRateDeliveryEstimate>
{
    public ShippingRateDeliveryEstimateMaximum Maximum { get; set; }
    public ShippingRateDeliveryEstimateMinimum Minimum { get; set; }
}

public class ShippingRateDeliveryEstimateMaximum : StripeEntity<ShippingRateDeliveryEstimateMaximum>
{
    public string Unit { get; set; }
    public long Value { get; set; }
}

public class ShippingRateDeliveryEstimateMinimum : StripeEntity<ShippingRateDeliveryEstimateMinimum>
{
    public string Unit { get; set; }
    public long Value { get; set; }
}

public class ShippingRateFixedAmount : StripeEntity<ShippingRateFixedAmount>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public string Currency { get; set; }
    public Dictionary<string, ShippingRateFixedAmountCurrencyOptions> CurrencyOptions { get; set; }
}

public class ShippingRateFixedAmountCurrencyOptions : StripeEntity<ShippingRateFixedAmountCurrencyOptions>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public string TaxBehavior { get; set; }
}
