namespace Stripe;

/// <summary>Parameters of <c>DELETE /v1/subscriptions/{id}</c>.</summary>
public class SubscriptionCancelOptions : BaseOptions
{
    public SubscriptionCancellationDetailsOptions CancellationDetails { get; set; }
    public bool? InvoiceNow { get; set; }
    public bool? Prorate { get; set; }
}

/// <summary>Parameters of <c>POST /v1/subscriptions</c>.</summary>
public class SubscriptionCreateOptions : BaseOptions, IHasMetadata
{
    public List<SubscriptionAddInvoiceItemOptions> AddInvoiceItems { get; set; }
    public decimal? ApplicationFeePercent { get; set; }
    public SubscriptionAutomaticTaxOptions AutomaticTax { get; set; }
    public DateTime? BackdateStartDate { get; set; }
    public DateTime? BillingCycleAnchor { get; set; }
    public SubscriptionBillingThresholdsOptions BillingThresholds { get; set; }
    public DateTime? CancelAt { get; set; }
    public bool? CancelAtPeriodEnd { get; set; }
    public string CollectionMethod { get; set; }
    public string Coupon { get; set; }
    public string Currency { get; set; }
    public string Customer { get; set; }
    public long? DaysUntilDue { get; set; }
    public string DefaultPaymentMethod { get; set; }
    public string DefaultSource { get; set; }
    public List<string> DefaultTaxRates { get; set; }
    public string Description { get; set; }
    public List<SubscriptionItemOptions> Items { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public bool? OffSession { get; set; }
    public string OnBehalfOf { get; set; }
    /// <summary><c>allow_incomplete</c>, <c>default_incomplete</c>, <c>error_if_incomplete</c> or <c>pending_if_incomplete</c>.</summary>
    public string PaymentBehavior { get; set; }
    public SubscriptionPaymentSettingsOptions PaymentSettings { get; set; }
    public SubscriptionPendingInvoiceItemIntervalOptions PendingInvoiceItemInterval { get; set; }
    public string PromotionCode { get; set; }
    public string ProrationBehavior { get; set; }
    public SubscriptionTransferDataOptions TransferData { get; set; }
    public AnyOf<DateTime?, SubscriptionTrialEnd> TrialEnd { get; set; }
    public bool? TrialFromPlan { get; set; }
    public long? TrialPeriodDays { get; set; }
    public SubscriptionTrialSettingsOptions TrialSettings { get; set; }
}

/// <summary>Parameters of <c>GET /v1/subscriptions/{id}</c>.</summary>
public class SubscriptionGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/subscriptions</c>.</summary>
public class SubscriptionListOptions : ListOptionsWithCreated
{
    public SubscriptionAutomaticTaxOptions AutomaticTax { get; set; }
    public string CollectionMethod { get; set; }
    public AnyOf<DateTime?, DateRangeOptions> CurrentPeriodEnd { get; set; }
    public AnyOf<DateTime?, DateRangeOptions> CurrentPeriodStart { get; set; }
    public string Customer { get; set; }
    public string Price { get; set; }
    public string Status { get; set; }
    public string TestClock { get; set; }
}

/// <summary>Parameters of <c>POST /v1/subscriptions/{id}/resume</c>.</summary>
public class SubscriptionResumeOptions : BaseOptions
{
    public SubscriptionBillingCycleAnchor BillingCycleAnchor { get; set; }
    public string ProrationBehavior { get; set; }
    public DateTime? ProrationDate { get; set; }
}

/// <summary>Parameters of <c>GET /v1/subscriptions/search</c>.</summary>
public class SubscriptionSearchOptions : SearchOptions;

/// <summary>Parameters of <c>POST /v1/subscriptions/{id}</c>.</summary>
public class SubscriptionUpdateOptions : BaseOptions, IHasMetadata
{
    public List<SubscriptionAddInvoiceItemOptions> AddInvoiceItems { get; set; }
    public decimal? ApplicationFeePercent { get; set; }
    public SubscriptionAutomaticTaxOptions AutomaticTax { get; set; }
    public SubscriptionBillingCycleAnchor BillingCycleAnchor { get; set; }
    public SubscriptionBillingThresholdsOptions BillingThresholds { get; set; }
    public DateTime? CancelAt { get; set; }
    public bool? CancelAtPeriodEnd { get; set; }
    public SubscriptionCancellationDetailsOptions CancellationDetails { get; set; }
    public string CollectionMethod { get; set; }
    public string Coupon { get; set; }
    public long? DaysUntilDue { get; set; }
    public string DefaultPaymentMethod { get; set; }
    public string DefaultSource { get; set; }
    public List<string> DefaultTaxRates { get; set; }
    public string Description { get; set; }
    public List<SubscriptionItemOptions> Items { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public bool? OffSession { get; set; }
    public string OnBehalfOf { get; set; }
    public SubscriptionPauseCollectionOptions PauseCollection { get; set; }
    /// <summary><c>allow_incomplete</c>, <c>default_incomplete</c>, <c>error_if_incomplete</c> or <c>pending_if_incomplete</c>.</summary>
    public string PaymentBehavior { get; set; }
    public SubscriptionPaymentSettingsOptions PaymentSettings { get; set; }
    public SubscriptionPendingInvoiceItemIntervalOptions PendingInvoiceItemInterval { get; set; }
    public string PromotionCode { get; set; }
    /// <summary><c>create_prorations</c>, <c>always_invoice</c> or <c>none</c>.</summary>
    public string ProrationBehavior { get; set; }
    /// <summary>The moment from which changes count; the same as in a preview gives the same amounts.</summary>
    public DateTime? ProrationDate { get; set; }
    public SubscriptionTransferDataOptions TransferData { get; set; }
    public AnyOf<DateTime?, SubscriptionTrialEnd> TrialEnd { get; set; }
    public bool? TrialFromPlan { get; set; }
    public SubscriptionTrialSettingsOptions TrialSettings { get; set; }
}
