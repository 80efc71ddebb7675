namespace Stripe.Checkout;

public class SessionAfterExpirationOptions : INestedOptions
{
    public SessionAfterExpirationRecoveryOptions Recovery { get; set; }
}

public class SessionAfterExpirationRecoveryOptions : INestedOptions
{
    public bool? AllowPromotionCodes { get; set; }
    public bool? Enabled { get; set; }
}

public class SessionAutomaticTaxOptions : INestedOptions
{
    public bool? Enabled { get; set; }
}

public class SessionConsentCollectionOptions : INestedOptions
{
    public string Promotions { get; set; }
    public string TermsOfService { get; set; }
}

public class SessionCustomFieldDropdownOptionOptions : INestedOptions
{
    public string Label { get; set; }
    public string Value { get; set; }
}

public class SessionCustomFieldDropdownOptions : INestedOptions
{
    public List<SessionCustomFieldDropdownOptionOptions> Options { get; set; }
}

public class SessionCustomFieldLabelOptions : INestedOptions
{
    public string Custom { get; set; }
    public string Type { get; set; }
}

public class SessionCustomFieldNumericOptions : INestedOptions
{
    public long? MaximumLength { get; set; }
    public long? MinimumLength { get; set; }
}

public class SessionCustomFieldOptions : INestedOptions
{
    public SessionCustomFieldDropdownOptions Dropdown { get; set; }
    public string Key { get; set; }
    public SessionCustomFieldLabelOptions Label { get; set; }
    public SessionCustomFieldNumericOptions Numeric { get; set; }
    public bool? Optional { get; set; }
    public SessionCustomFieldTextOptions Text { get; set; }
    public string Type { get; set; }
}

public class SessionCustomFieldTextOptions : INestedOptions
{
    public long? MaximumLength { get; set; }
    public long? MinimumLength { get; set; }
}

public class SessionCustomTextOptions : INestedOptions
{
    public SessionCustomTextShippingAddressOptions ShippingAddress { get; set; }
    public SessionCustomTextSubmitOptions Submit { get; set; }
}

public class SessionCustomTextShippingAddressOptions : INestedOptions
{
    public string Message { get; set; }
}

public class SessionCustomTextSubmitOptions : INestedOptions
{
    public string Message { get; set; }
}

public class SessionCustomerDetailsOptions : INestedOptions
{
    public string Email { get; set; }
}

public class SessionCustomerUpdateOptions : INestedOptions
{
    public string Address { get; set; }
    public string Name { get; set; }
    public string Shipping { get; set; }
}

public class SessionDiscountOptions : INestedOptions
{
    public string Coupon { get; set; }
    public string PromotionCode { get; set; }
}

public class SessionInvoiceCreationInvoiceDataCustomFieldOptions : INestedOptions
{
    public string Name { get; set; }
    public string Value { get; set; }
}

public class SessionInvoiceCreationInvoiceDataOptions : INestedOptions, IHasMetadata
{
    public List<string> AccountTaxIds { get; set; }
    public List<SessionInvoiceCreationInvoiceDataCustomFieldOptions> CustomFields { get; set; }
    public string Description { get; set; }
    public string Footer { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public SessionInvoiceCreationInvoiceDataRenderingOptionsOptions RenderingOptions { get; set; }
}

public class SessionInvoiceCreationInvoiceDataRenderingOptionsOptions : INestedOptions
{
    public string AmountTaxDisplay { get; set; }
}

public class SessionInvoiceCreationOptions : INestedOptions
{
    public bool? Enabled { get; set; }
    public SessionInvoiceCreationInvoiceDataOptions InvoiceData { get; set; }
}

public class SessionLineItemAdjustableQuantityOptions : INestedOptions
{
    public bool? Enabled { get; set; }
    public long? Maximum { get; set; }
    public long? Minimum { get; set; }
}

public class SessionLineItemOptions : INestedOptions
{
    public SessionLineItemAdjustableQuantityOptions AdjustableQuantity { get; set; }
    public List<string> DynamicTaxRates { get; set; }
    public string Price { get; set; }
    public SessionLineItemPriceDataOptions PriceData { get; set; }
    public long? Quantity { get; set; }
    public List<string> TaxRates { get; set; }
}

public class SessionLineItemPriceDataOptions : INestedOptions
{
    public string Currency { get; set; }
    public string Product { get; set; }
    public SessionLineItemPriceDataProductDataOptions ProductData { get; set; }
    public SessionLineItemPriceDataRecurringOptions Recurring { get; set; }
    public string TaxBehavior { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? UnitAmount { get; set; }
    public decimal? UnitAmountDecimal { get; set; }
}

public class SessionLineItemPriceDataProductDataOptions : INestedOptions, IHasMetadata
{
    public string Description { get; set; }
    public List<string> Images { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Name { get; set; }
    public string TaxCode { get; set; }
}

public class SessionLineItemPriceDataRecurringOptions : INestedOptions
{
    public string Interval { get; set; }
    public long? IntervalCount { get; set; }
}

public class SessionPaymentIntentDataOptions : INestedOptions, IHasMetadata
{
    public long? ApplicationFeeAmount { get; set; }
    public string CaptureMethod { get; set; }
    public string Description { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string OnBehalfOf { get; set; }
    public string ReceiptEmail { get; set; }
    public string SetupFutureUsage { get; set; }
    public ChargeShippingOptions Shipping { get; set; }
    public string StatementDescriptor { get; set; }
    public string StatementDescriptorSuffix { get; set; }
    public SessionPaymentIntentDataTransferDataOptions TransferData { get; set; }
    public string TransferGroup { get; set; }
}

public class SessionPaymentIntentDataTransferDataOptions : INestedOptions
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string Destination { get; set; }
}

public class SessionPaymentMethodOptionsCardInstallmentsOptions : INestedOptions
{
    public bool? Enabled { get; set; }
}

public class SessionPaymentMethodOptionsCardOptions : INestedOptions
{
    public SessionPaymentMethodOptionsCardInstallmentsOptions Installments { get; set; }
    public string SetupFutureUsage { get; set; }
    public string StatementDescriptorSuffixKana { get; set; }
    public string StatementDescriptorSuffixKanji { get; set; }
}

public class SessionPaymentMethodOptionsLinkOptions : INestedOptions
{
    public string SetupFutureUsage { get; set; }
}

public class SessionPaymentMethodOptionsOptions : INestedOptions
{
    public SessionPaymentMethodOptionsCardOptions Card { get; set; }
    public SessionPaymentMethodOptionsLinkOptions Link { get; set; }
    public SessionPaymentMethodOptionsSepaDebitOptions SepaDebit { get; set; }
    public SessionPaymentMethodOptionsUsBankAccountOptions UsBankAccount { get; set; }
}

public class SessionPaymentMethodOptionsSepaDebitOptions : INestedOptions
{
    public string SetupFutureUsage { get; set; }
}

public class SessionPaymentMethodOptionsUsBankAccountFinancialConnectionsOptions : INestedOptions
{
    public List<string> Permissions { get; set; }
    public List<string> Prefetch { get; set; }
}

public class SessionPaymentMethodOptionsUsBankAccountOptions : INestedOptions
{
    public SessionPaymentMethodOptionsUsBankAccountFinancialConnectionsOptions FinancialConnections { get; set; }
    public string SetupFutureUsage { get; set; }
    public string VerificationMethod { get; set; }
}

public class SessionPhoneNumberCollectionOptions : INestedOptions
{
    public bool? Enabled { get; set; }
}

public class SessionSetupIntentDataOptions : INestedOptions, IHasMetadata
{
    public string Description { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string OnBehalfOf { get; set; }
}

public class SessionShippingAddressCollectionOptions : INestedOptions
{
    public List<string> AllowedCountries { get; set; }
}

public class SessionShippingOptionOptions : INestedOptions
{
    public string ShippingRate { get; set; }
    public SessionShippingOptionShippingRateDataOptions ShippingRateData { get; set; }
}

public class SessionShippingOptionShippingRateDataDeliveryEstimateMaximumOptions : INestedOptions
{
    public string Unit { get; set; }
    public long? Value { get; set; }
}

public class SessionShippingOptionShippingRateDataDeliveryEstimateMinimumOptions : INestedOptions
{
    public string Unit { get; set; }
    public long? Value { get; set; }
}

public class SessionShippingOptionShippingRateDataDeliveryEstimateOptions : INestedOptions
{
    public SessionShippingOptionShippingRateDataDeliveryEstimateMaximumOptions Maximum { get; set; }
    public SessionShippingOptionShippingRateDataDeliveryEstimateMinimumOptions Minimum { get; set; }
}

public class SessionShippingOptionShippingRateDataFixedAmountCurrencyOptionsOptions : INestedOptions
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string TaxBehavior { get; set; }
}

public class SessionShippingOptionShippingRateDataFixedAmountOptions : INestedOptions
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string Currency { get; set; }
    public Dictionary<string, SessionShippingOptionShippingRateDataFixedAmountCurrencyOptionsOptions> CurrencyOptions { get; set; }
}

public class SessionShippingOptionShippingRateDataOptions : INestedOptions, IHasMetadata
{
    public SessionShippingOptionShippingRateDataDeliveryEstimateOptions DeliveryEstimate { get; set; }
    public string DisplayName { get; set; }
    public SessionShippingOptionShippingRateDataFixedAmountOptions FixedAmount { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string TaxBehavior { get; set; }
    public string TaxCode { get; set; }
    public string Type { get; set; }
}

public class SessionSubscriptionDataOptions : INestedOptions, IHasMetadata
{
    public decimal? ApplicationFeePercent { get; set; }
    public DateTime? BillingCycleAnchor { get; set; }
    public List<string> DefaultTaxRates { get; set; }
    public string Description { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string OnBehalfOf { get; set; }
    public string ProrationBehavior { get; set; }
    public SessionSubscriptionDataTransferDataOptions TransferData { get; set; }
    public DateTime? TrialEnd { get; set; }
    public long? TrialPeriodDays { get; set; }
    public SessionSubscriptionDataTrialSettingsOptions TrialSettings { get; set; }
}

public class SessionSubscriptionDataTransferDataOptions : INestedOptions
{
    public decimal? AmountPercent { get; set; }
    public string Destination { get; set; }
}

public class SessionSubscriptionDataTrialSettingsEndBehaviorOptions : INestedOptions
{
    public string MissingPaymentMethod { get; set; }
}

public class SessionSubscriptionDataTrialSettingsOptions : INestedOptions
{
    public SessionSubscriptionDataTrialSettingsEndBehaviorOptions EndBehavior { get; set; }
}

public class SessionTaxIdCollectionOptions : INestedOptions
{
    public bool? Enabled { get; set; }
}
