namespace Stripe;

/// <summary>One price of a subscription, with its quantity.</summary>
public class SubscriptionItem : StripeEntity<SubscriptionItem>, IHasId, IHasMetadata, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public SubscriptionItemBillingThresholds BillingThresholds { get; set; }
    public DateTime Created { get; set; }
    public bool? Deleted { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public Price Price { get; set; }
    public long Quantity { get; set; }
    public string Subscription { get; set; }
    public List<TaxRate> TaxRates { get; set; }
}

public class SubscriptionItemBillingThresholds : StripeEntity<SubscriptionItemBillingThresholds>
{
    public long? UsageGte { get; set; }
}
