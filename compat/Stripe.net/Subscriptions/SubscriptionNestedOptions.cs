namespace Stripe;

public class SubscriptionAddInvoiceItemOptions : INestedOptions
{
    public string Price { get; set; }
    public SubscriptionAddInvoiceItemPriceDataOptions PriceData { get; set; }
    public long? Quantity { get; set; }
    public List<string> TaxRates { get; set; }
}

public class SubscriptionAddInvoiceItemPriceDataOptions : INestedOptions
{
    public string Currency { get; set; }
    public string Product { get; set; }
    public string TaxBehavior { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? UnitAmount { get; set; }
    public decimal? UnitAmountDecimal { get; set; }
}

public class SubscriptionAutomaticTaxOptions : INestedOptions
{
    public bool? Enabled { get; set; }
}

public class SubscriptionBillingThresholdsOptions : INestedOptions
{
    public long? AmountGte { get; set; }
    public bool? ResetBillingCycleAnchor { get; set; }
}

public class SubscriptionCancellationDetailsOptions : INestedOptions
{
    public string Comment { get; set; }
    public string Feedback { get; set; }
}

public class SubscriptionPauseCollectionOptions : INestedOptions
{
    public string Behavior { get; set; }
    public DateTime? ResumesAt { get; set; }
}

public class SubscriptionPaymentSettingsOptions : INestedOptions
{
    public SubscriptionPaymentSettingsPaymentMethodOptionsOptions PaymentMethodOptions { get; set; }
    public List<string> PaymentMethodTypes { get; set; }
    public string SaveDefaultPaymentMethod { get; set; }
}

public class SubscriptionPaymentSettingsPaymentMethodOptionsCardMandateOptionsOptions : INestedOptions
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string AmountType { get; set; }
    public string Description { get; set; }
}

public class SubscriptionPaymentSettingsPaymentMethodOptionsCardOptions : INestedOptions
{
    public SubscriptionPaymentSettingsPaymentMethodOptionsCardMandateOptionsOptions MandateOptions { get; set; }
    public string Network { get; set; }
    public string RequestThreeDSecure { get; set; }
}

public class SubscriptionPaymentSettingsPaymentMethodOptionsOptions : INestedOptions
{
    public SubscriptionPaymentSettingsPaymentMethodOptionsCardOptions Card { get; set; }
    public SubscriptionPaymentSettingsPaymentMethodOptionsUsBankAccountOptions UsBankAccount { get; set; }
}

public class SubscriptionPaymentSettingsPaymentMethodOptionsUsBankAccountFinancialConnectionsOptions : INestedOptions
{
    public List<string> Permissions { get; set; }
    public List<string> Prefetch { get; set; }
}

public class SubscriptionPaymentSettingsPaymentMethodOptionsUsBankAccountOptions : INestedOptions
{
    public SubscriptionPaymentSettingsPaymentMethodOptionsUsBankAccountFinancialConnectionsOptions FinancialConnections { get; set; }
    public string VerificationMethod { get; set; }
}

public class SubscriptionPendingInvoiceItemIntervalOptions : INestedOptions
{
    public string Interval { get; set; }
    public long? IntervalCount { get; set; }
}

public class SubscriptionTransferDataOptions : INestedOptions
{
    public decimal? AmountPercent { get; set; }
    public string Destination { get; set; }
}

public class SubscriptionTrialSettingsEndBehaviorOptions : INestedOptions
{
    public string MissingPaymentMethod { get; set; }
}

public class SubscriptionTrialSettingsOptions : INestedOptions
{
    public SubscriptionTrialSettingsEndBehaviorOptions EndBehavior { get; set; }
}
