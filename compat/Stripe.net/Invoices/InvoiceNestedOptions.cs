using System.Text.Json.Serialization;

namespace Stripe;

public class InvoiceAutomaticTaxOptions : INestedOptions
{
    public bool? Enabled { get; set; }
}

public class InvoiceCustomFieldOptions : INestedOptions
{
    public string Name { get; set; }
    public string Value { get; set; }
}

public class InvoiceCustomerDetailsOptions : INestedOptions
{
    public AddressOptions Address { get; set; }
    public ShippingOptions Shipping { get; set; }
    public InvoiceCustomerDetailsTaxOptions Tax { get; set; }
    public string TaxExempt { get; set; }
    public List<InvoiceCustomerDetailsTaxIdOptions> TaxIds { get; set; }
}

public class InvoiceCustomerDetailsTaxIdOptions : INestedOptions
{
    public string Type { get; set; }
    public string Value { get; set; }
}

public class InvoiceCustomerDetailsTaxOptions : INestedOptions
{
    public string IpAddress { get; set; }
}

public class InvoiceDiscountOptions : INestedOptions
{
    public string Coupon { get; set; }
    public string Discount { get; set; }
}

public class InvoiceFromInvoiceOptions : INestedOptions
{
    public string Action { get; set; }
    public string Invoice { get; set; }
}

public class InvoicePaymentSettingsOptions : INestedOptions
{
    public string DefaultMandate { get; set; }
    public InvoicePaymentSettingsPaymentMethodOptionsOptions PaymentMethodOptions { get; set; }
    public List<string> PaymentMethodTypes { get; set; }
}

public class InvoicePaymentSettingsPaymentMethodOptionsCardInstallmentsOptions : INestedOptions
{
    public bool? Enabled { get; set; }
    public InvoicePaymentSettingsPaymentMethodOptionsCardInstallmentsPlanOptions Plan { get; set; }
}

public class InvoicePaymentSettingsPaymentMethodOptionsCardInstallmentsPlanOptions : INestedOptions
{
    public long? Count { get; set; }
    public string Interval { get; set; }
    public string Type { get; set; }
}

public class InvoicePaymentSettingsPaymentMethodOptionsCardOptions : INestedOptions
{
    public InvoicePaymentSettingsPaymentMethodOptionsCardInstallmentsOptions Installments { get; set; }
    public string RequestThreeDSecure { get; set; }
}

public class InvoicePaymentSettingsPaymentMethodOptionsOptions : INestedOptions
{
    public InvoicePaymentSettingsPaymentMethodOptionsCardOptions Card { get; set; }
    public InvoicePaymentSettingsPaymentMethodOptionsUsBankAccountOptions UsBankAccount { get; set; }
}

public class InvoicePaymentSettingsPaymentMethodOptionsUsBankAccountFinancialConnectionsOptions : INestedOptions
{
    public List<string> Permissions { get; set; }
    public List<string> Prefetch { get; set; }
}

public class InvoicePaymentSettingsPaymentMethodOptionsUsBankAccountOptions : INestedOptions
{
    public InvoicePaymentSettingsPaymentMethodOptionsUsBankAccountFinancialConnectionsOptions FinancialConnections { get; set; }
    public string VerificationMethod { get; set; }
}

public class InvoiceRenderingOptionsOptions : INestedOptions
{
    public string AmountTaxDisplay { get; set; }
}

public class InvoiceShippingCostOptions : INestedOptions
{
    public string ShippingRate { get; set; }
    public InvoiceShippingCostShippingRateDataOptions ShippingRateData { get; set; }
}

public class InvoiceShippingCostShippingRateDataDeliveryEstimateMaximumOptions : INestedOptions
{
    public string Unit { get; set; }
    public long? Value { get; set; }
}

public class InvoiceShippingCostShippingRateDataDeliveryEstimateMinimumOptions : INestedOptions
{
    public string Unit { get; set; }
    public long? Value { get; set; }
}

public class InvoiceShippingCostShippingRateDataDeliveryEstimateOptions : INestedOptions
{
    public InvoiceShippingCostShippingRateDataDeliveryEstimateMaximumOptions Maximum { get; set; }
    public InvoiceShippingCostShippingRateDataDeliveryEstimateMinimumOptions Minimum { get; set; }
}

public class InvoiceShippingCostShippingRateDataFixedAmountCurrencyOptionsOptions : INestedOptions
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string TaxBehavior { get; set; }
}

public class InvoiceShippingCostShippingRateDataFixedAmountOptions : INestedOptions
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string Currency { get; set; }
    public Dictionary<string, InvoiceShippingCostShippingRateDataFixedAmountCurrencyOptionsOptions> CurrencyOptions { get; set; }
}

public class InvoiceShippingCostShippingRateDataOptions : INestedOptions, IHasMetadata
{
    public InvoiceShippingCostShippingRateDataDeliveryEstimateOptions DeliveryEstimate { get; set; }
    public string DisplayName { get; set; }
    public InvoiceShippingCostShippingRateDataFixedAmountOptions FixedAmount { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string TaxBehavior { get; set; }
    public string TaxCode { get; set; }
    public string Type { get; set; }
}

public class InvoiceShippingDetailsOptions : INestedOptions
{
    public AddressOptions Address { get; set; }
    public string Name { get; set; }
    public string Phone { get; set; }
}

public class InvoiceSubscriptionItemBillingThresholdsOptions : INestedOptions
{
    public long? UsageGte { get; set; }
}

public class InvoiceSubscriptionItemOptions : INestedOptions, IHasId, IHasMetadata
{
    public InvoiceSubscriptionItemBillingThresholdsOptions BillingThresholds { get; set; }
    public bool? ClearUsage { get; set; }
    public bool? Deleted { get; set; }
    public string Id { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Price { get; set; }
    public InvoiceSubscriptionItemPriceDataOptions PriceData { get; set; }
    public long? Quantity { get; set; }
    public List<string> TaxRates { get; set; }
}

public class InvoiceSubscriptionItemPriceDataOptions : INestedOptions
{
    public string Currency { get; set; }
    public string Product { get; set; }
    public InvoiceSubscriptionItemPriceDataRecurringOptions Recurring { get; set; }
    public string TaxBehavior { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? UnitAmount { get; set; }
    public decimal? UnitAmountDecimal { get; set; }
}

public class InvoiceSubscriptionItemPriceDataRecurringOptions : INestedOptions
{
    public string Interval { get; set; }
    public long? IntervalCount { get; set; }
}

public class InvoiceTransferDataOptions : INestedOptions
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string Destination { get; set; }
}

public class InvoiceUpcomingInvoiceItemOptions : INestedOptions, IHasMetadata
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string Currency { get; set; }
    public string Description { get; set; }
    public bool? Discountable { get; set; }
    public List<InvoiceItemDiscountOptions> Discounts { get; set; }
    [JsonPropertyName("invoiceitem")] public string InvoiceItem { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public InvoiceItemPeriodOptions Period { get; set; }
    public string Price { get; set; }
    public InvoiceItemPriceDataOptions PriceData { get; set; }
    public long? Quantity { get; set; }
    public List<string> TaxRates { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? UnitAmount { get; set; }
    public decimal? UnitAmountDecimal { get; set; }
}
