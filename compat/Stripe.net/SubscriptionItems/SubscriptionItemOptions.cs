namespace Stripe;

/// <summary>Parameters of <c>POST /v1/subscription_items</c>.</summary>
public class SubscriptionItemCreateOptions : BaseOptions, IHasMetadata
{
    public SubscriptionItemBillingThresholdsOptions BillingThresholds { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string PaymentBehavior { get; set; }
    public string Price { get; set; }
    public SubscriptionItemPriceDataOptions PriceData { get; set; }
    public string ProrationBehavior { get; set; }
    public DateTime? ProrationDate { get; set; }
    public long? Quantity { get; set; }
    public string Subscription { get; set; }
    public List<string> TaxRates { get; set; }
}

/// <summary>Parameters of <c>DELETE /v1/subscription_items/{id}</c>.</summary>
public class SubscriptionItemDeleteOptions : BaseOptions
{
    public bool? ClearUsage { get; set; }
    public string ProrationBehavior { get; set; }
    public DateTime? ProrationDate { get; set; }
}

/// <summary>Parameters of <c>GET /v1/subscription_items/{id}</c>.</summary>
public class SubscriptionItemGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/subscription_items</c>.</summary>
public class SubscriptionItemListOptions : ListOptions
{
    public string Subscription { get; set; }
}

/// <summary>Parameters of <c>POST /v1/subscription_items/{id}</c>.</summary>
public class SubscriptionItemUpdateOptions : BaseOptions, IHasMetadata
{
    public SubscriptionItemBillingThresholdsOptions BillingThresholds { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public bool? OffSession { get; set; }
    public string PaymentBehavior { get; set; }
    public string Price { get; set; }
    public SubscriptionItemPriceDataOptions PriceData { get; set; }
    public string ProrationBehavior { get; set; }
    public DateTime? ProrationDate { get; set; }
    public long? Quantity { get; set; }
    public List<string> TaxRates { get; set; }
}
