using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>What a product costs, once or per period.</summary>
public class Price : StripeEntity<Price>, IHasId, IHasMetadata, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public bool Active { get; set; }
    public string BillingScheme { get; set; }
    public DateTime Created { get; set; }
    public string Currency { get; set; }
    public Dictionary<string, PriceCurrencyOptions> CurrencyOptions { get; set; }
    public PriceCustomUnitAmount CustomUnitAmount { get; set; }
    public bool? Deleted { get; set; }
    public bool Livemode { get; set; }
    public string LookupKey { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Nickname { get; set; }
    [JsonIgnore] public string ProductId { get => ProductField.Id; set => ProductField = ProductField.WithId(value); }
    [JsonIgnore] public Product Product { get => ProductField.Object; set => ProductField = Expandable<Product>.Of(value); }
    [JsonInclude, JsonPropertyName("product")] internal Expandable<Product> ProductField { get; set; }
    public PriceRecurring Recurring { get; set; }
    public string TaxBehavior { get; set; }
    public List<PriceTier> Tiers { get; set; }
    public string TiersMode { get; set; }
    public PriceTransformQuantity TransformQuantity { get; set; }
    public string Type { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? UnitAmount { get; set; }
    public decimal? UnitAmountDecimal { get; set; }
}

public class PriceCurrencyOptions : StripeEntity<PriceCurrencyOptions>
{
    public PriceCurrencyOptionsCustomUnitAmount CustomUnitAmount { get; set; }
    public string TaxBehavior { get; set; }
    public List<PriceCurrencyOptionsTier> Tiers { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? UnitAmount { get; set; }
    public decimal? UnitAmountDecimal { get; set; }
}

public class PriceCurrencyOptionsCustomUnitAmount : StripeEntity<PriceCurrencyOptionsCustomUnitAmount>
{
    public long? Maximum { get; set; }
    public long? Minimum { get; set; }
    public long? Preset { get; set; }
}

public class PriceCurrencyOptionsTier : StripeEntity<PriceCurrencyOptionsTier>
{
    public long? FlatAmount { get; set; }
    public decimal? FlatAmountDecimal { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? UnitAmount { get; set; }
    public decimal? UnitAmountDecimal { get; set; }
    public long? UpTo { get; set; }
}

public class PriceCustomUnitAmount : StripeEntity<PriceCustomUnitAmount>
{
    public long? Maximum { get; set; }
    public long? Minimum { get; set; }
    public long? Preset { get; set; }
}

public class PriceRecurring : StripeEntity<PriceRecurring>
{
    public string AggregateUsage { get; set; }
    public string Interval { get; set; }
    public long IntervalCount { get; set; }
    public string UsageType { get; set; }
}

public class PriceTier : StripeEntity<PriceTier>
{
    public long? FlatAmount { get; set; }
    public decimal? FlatAmountDecimal { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? UnitAmount { get; set; }
    public decimal? UnitAmountDecimal { get; set; }
    public long? UpTo { get; set; }
}

/// <summary>The last tier, which has no upper bound.</summary>
public class PriceTierUpTo : StringEnum
{
    public static readonly PriceTierUpTo Inf = new("inf");

    PriceTierUpTo(string value) : base(value)
    {
    }
}

public class PriceTransformQuantity : StripeEntity<PriceTransformQuantity>
{
    public long DivideBy { get; set; }
    public string Round { get; set; }
}
