namespace Stripe;

public class SubscriptionItemBillingThresholdsOptions : INestedOptions
{
    public long? UsageGte { get; set; }
}

public class SubscriptionItemOptions : INestedOptions, IHasId, IHasMetadata
{
    public SubscriptionItemBillingThresholdsOptions BillingThresholds { get; set; }
    public bool? ClearUsage { get; set; }
    public bool? Deleted { get; set; }
    public string Id { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Price { get; set; }
    public SubscriptionItemPriceDataOptions PriceData { get; set; }
    public long? Quantity { get; set; }
    public List<string> TaxRates { get; set; }
}

public class SubscriptionItemPriceDataOptions : INestedOptions
{
    public string Currency { get; set; }
    public string Product { get; set; }
    public SubscriptionItemPriceDataRecurringOptions Recurring { get; set; }
    public string TaxBehavior { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? UnitAmount { get; set; }
    public decimal? UnitAmountDecimal { get; set; }
}

public class SubscriptionItemPriceDataRecurringOptions : INestedOptions
{
    public string Interval { get; set; }
    public long? IntervalCount { get; set; }
}
