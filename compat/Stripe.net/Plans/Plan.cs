using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>The older kind of a recurring price.</summary>
public class Plan : StripeEntity<Plan>, IHasId, IHasMetadata, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public bool Active { get; set; }
    public string AggregateUsage { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public decimal? AmountDecimal { get; set; }
    public string BillingScheme { get; set; }
    public DateTime Created { get; set; }
    public string Currency { get; set; }
    public bool? Deleted { get; set; }
    public string Interval { get; set; }
    public long IntervalCount { get; set; }
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Nickname { get; set; }
    [JsonIgnore] public string ProductId { get => ProductField.Id; set => ProductField = ProductField.WithId(value); }
    [JsonIgnore] public Product Product { get => ProductField.Object; set => ProductField = Expandable<Product>.Of(value); }
    [JsonInclude, JsonPropertyName("product")] internal Expandable<Product> ProductField { get; set; }
    public List<PlanTier> Tiers { get; set; }
    public string TiersMode { get; set; }
    public PlanTransformUsage TransformUsage { get; set; }
    public long? TrialPeriodDays { get; set; }
    public string UsageType { get; set; }
}

public class PlanTier : StripeEntity<PlanTier>
{
    public long? FlatAmount { get; set; }
    public decimal? FlatAmountDecimal { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? UnitAmount { get; set; }
    public decimal? UnitAmountDecimal { get; set; }
    public long? UpTo { get; set; }
}

public class PlanTransformUsage : StripeEntity<PlanTransformUsage>
{
    public long DivideBy { get; set; }
    public string Round { get; set; }
}
