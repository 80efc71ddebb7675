using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe.Checkout;

/// <summary>A payment page of Stripe, from its making to its payment or end.</summary>
public class Session : StripeEntity<Session>, IHasId, IHasMetadata, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public SessionAfterExpiration AfterExpiration { get; set; }
    public bool? AllowPromotionCodes { get; set; }
    public long? AmountSubtotal { get; set; }
    public long? AmountTotal { get; set; }
    public SessionAutomaticTax AutomaticTax { get; set; }
    public string BillingAddressCollection { get; set; }
    public string CancelUrl { get; set; }
    public string ClientReferenceId { get; set; }
    public SessionConsent Consent { get; set; }
    public SessionConsentCollection ConsentCollection { get; set; }
    public DateTime Created { get; set; }
    public string Currency { get; set; }
    public SessionCurrencyConversion CurrencyConversion { get; set; }
    public List<SessionCustomField> CustomFields { get; set; }
    public SessionCustomText CustomText { get; set; }
    [JsonIgnore] public string CustomerId { get => CustomerField.Id; set => CustomerField = CustomerField.WithId(value); }
    [JsonIgnore] public Customer Customer { get => CustomerField.Object; set => CustomerField = Expandable<Customer>.Of(value); }
    [JsonInclude, JsonPropertyName("customer")] internal Expandable<Customer> CustomerField { get; set; }
    public string CustomerCreation { get; set; }
    public SessionCustomerDetails CustomerDetails { get; set; }
    public string CustomerEmail { get; set; }
    public DateTime ExpiresAt { get; set; }
    [JsonIgnore] public string InvoiceId { get => InvoiceField.Id; set => InvoiceField = InvoiceField.WithId(value); }
    [JsonIgnore] public Invoice Invoice { get => InvoiceField.Object; set => InvoiceField = Expandable<Invoice>.Of(value); }
    [JsonInclude, JsonPropertyName("invoice")] internal Expandable<Invoice> InvoiceField { get; set; }
    public SessionInvoiceCreation InvoiceCreation { get; set; }
    public StripeList<LineItem> LineItems { get; set; }
    public bool Livemode { get; set; }
    public string Locale { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Mode { get; set; }
    [JsonIgnore] public string PaymentIntentId { get => PaymentIntentField.Id; set => PaymentIntentField = PaymentIntentField.WithId(value); }
    [JsonIgnore] public PaymentIntent PaymentIntent { get => PaymentIntentField.Object; set => PaymentIntentField = Expandable<PaymentIntent>.Of(value); }
    [JsonInclude, JsonPropertyName("payment_intent")] internal Expandable<PaymentIntent> PaymentIntentField { get; set; }
    [JsonIgnore] public string PaymentLinkId { get => PaymentLinkField.Id; set => PaymentLinkField = PaymentLinkField.WithId(value); }
    [JsonIgnore] public PaymentLink PaymentLink { get => PaymentLinkField.Object; set => PaymentLinkField = Expandable<PaymentLink>.Of(value); }
    [JsonInclude, JsonPropertyName("payment_link")] internal Expandable<PaymentLink> PaymentLinkField { get; set; }
    public string PaymentMethodCollection { get; set; }
    public SessionPaymentMethodOptions PaymentMethodOptions { get; set; }
    public List<string> PaymentMethodTypes { get; set; }
    public string PaymentStatus { get; set; }
    public SessionPhoneNumberCollection PhoneNumberCollection { get; set; }
    public string RecoveredFrom { get; set; }
    [JsonIgnore] public string SetupIntentId { get => SetupIntentField.Id; set => SetupIntentField = SetupIntentField.WithId(value); }
    [JsonIgnore] public SetupIntent SetupIntent { get => SetupIntentField.Object; set => SetupIntentField = Expandable<SetupIntent>.Of(value); }
    [JsonInclude, JsonPropertyName("setup_intent")] internal Expandable<SetupIntent> SetupIntentField { get; set; }
    public SessionShippingAddressCollection ShippingAddressCollection { get; set; }
    public SessionShippingCost ShippingCost { get; set; }
    public SessionShippingDetails ShippingDetails { get; set; }
    public List<SessionShippingOption> ShippingOptions { get; set; }
    public string Status { get; set; }
    public string SubmitType { get; set; }
    [JsonIgnore] public string SubscriptionId { get => SubscriptionField.Id; set => SubscriptionField = SubscriptionField.WithId(value); }
    [JsonIgnore] public Subscription Subscription { get => SubscriptionField.Object; set => SubscriptionField = Expandable<Subscription>.Of(value); }
    [JsonInclude, JsonPropertyName("subscription")] internal Expandable<Subscription> SubscriptionField { get; set; }
    public string SuccessUrl { get; set; }
    public SessionTaxIdCollection TaxIdCollection { get; set; }
    public SessionTotalDetails TotalDetails { get; set; }
    public string Url { get; set; }
}

public class SessionAfterExpiration : StripeEntity<SessionAfterExpiration>
{
    public SessionAfterExpirationRecovery Recovery { get; set; }
}

public class SessionAfterExpirationRecovery : StripeEntity<SessionAfterExpirationRecovery>
{
    public bool AllowPromotionCodes { get; set; }
    public bool Enabled { get; set; }
    public DateTime? ExpiresAt { get; set; }
    public string Url { get; set; }
}

public class SessionAutomaticTax : StripeEntity<SessionAutomaticTax>
{
    public bool Enabled { get; set; }
    public string Status { get; set; }
}

public class SessionConsent : StripeEntity<SessionConsent>
{
    public string Promotions { get; set; }
    public string TermsOfService { get; set; }
}

public class SessionConsentCollection : StripeEntity<SessionConsentCollection>
{
    public string Promotions { get; set; }
    public string TermsOfService { get; set; }
}

public class SessionCurrencyConversion : StripeEntity<SessionCurrencyConversion>
{
    public long AmountSubtotal { get; set; }
    public long AmountTotal { get; set; }
    public decimal FxRate { get; set; }
    public string SourceCurrency { get; set; }
}

public class SessionCustomField : StripeEntity<SessionCustomField>
{
    public SessionCustomFieldDropdown Dropdown { get; set; }
    public string Key { get; set; }
    public SessionCustomFieldLabel Label { get; set; }
    public SessionCustomFieldNumeric Numeric { get; set; }
    public bool Optional { get; set; }
    public SessionCustomFieldText Text { get; set; }
    public string Type { get; set; }
}

public class SessionCustomFieldDropdown : StripeEntity<SessionCustomFieldDropdown>
{
    public List<SessionCustomFieldDropdownOption> Options { get; set; }
    public string Value { get; set; }
}

public class SessionCustomFieldDropdownOption : StripeEntity<SessionCustomFieldDropdownOption>
{
    public string Label { get; set; }
    public string Value { get; set; }
}

public class SessionCustomFieldLabel : StripeEntity<SessionCustomFieldLabel>
{
    public string Custom { get; set; }
    public string Type { get; set; }
}

public class SessionCustomFieldNumeric : StripeEntity<SessionCustomFieldNumeric>
{
    public long? MaximumLength { get; set; }
    public long? MinimumLength { get; set; }
    public string Value { get; set; }
}

public class SessionCustomFieldText : StripeEntity<SessionCustomFieldText>
{
    public long? MaximumLength { get; set; }
    public long? MinimumLength { get; set; }
    public string Value { get; set; }
}

public class SessionCustomText : StripeEntity<SessionCustomText>
{
    public SessionCustomTextShippingAddress ShippingAddress { get; set; }
    public SessionCustomTextSubmit Submit { get; set; }
}

public class SessionCustomTextShippingAddress : StripeEntity<SessionCustomTextShippingAddress>
{
    public string Message { get; set; }
}

public class SessionCustomTextSubmit : StripeEntity<SessionCustomTextSubmit>
{
    public string Message { get; set; }
}

public class SessionCustomerDetails : StripeEntity<SessionCustomerDetails>
{
    public Address Address { get; set; }
    public string Email { get; set; }
    public string Name { get; set; }
    public string Phone { get; set; }
    public string TaxExempt { get; set; }
    public List<SessionCustomerDetailsTaxId> TaxIds { get; set; }
}

public class SessionCustomerDetailsTaxId : StripeEntity<SessionCustomerDetailsTaxId>
{
    public string Type { get; set; }
    public string Value { get; set; }
}

public class SessionInvoiceCreation : StripeEntity<SessionInvoiceCreation>
{
    public bool Enabled { get; set; }
    public SessionInvoiceCreationInvoiceData InvoiceData { get; set; }
}

public class SessionInvoiceCreationInvoiceData : StripeEntity<SessionInvoiceCreationInvoiceData>, IHasMetadata
{
    [JsonIgnore] public List<string> AccountTaxIdIds { get => AccountTaxIdsField.Ids(); set => AccountTaxIdsField = Expandables.FromIds<TaxId>(value); }
    [JsonIgnore] public List<TaxId> AccountTaxIds { get => AccountTaxIdsField.Objects(); set => AccountTaxIdsField = Expandables.FromObjects(value); }
    [JsonInclude, JsonPropertyName("account_tax_ids")] internal List<Expandable<TaxId>> AccountTaxIdsField { get; set; }
    public List<SessionInvoiceCreationInvoiceDataCustomField> CustomFields { get; set; }
    public string Description { get; set; }
    public string Footer { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public SessionInvoiceCreationInvoiceDataRenderingOptions RenderingOptions { get; set; }
}

public class SessionInvoiceCreationInvoiceDataCustomField : StripeEntity<SessionInvoiceCreationInvoiceDataCustomField>
{
    public string Name { get; set; }
    public string Value { get; set; }
}

public class SessionInvoiceCreationInvoiceDataRenderingOptions : StripeEntity<SessionInvoiceCreationInvoiceDataRenderingOptions>
{
    public string AmountTaxDisplay { get; set; }
}

public class SessionPaymentMethodOptions : StripeEntity<SessionPaymentMethodOptions>
{
    public SessionPaymentMethodOptionsCard Card { get; set; }
    public SessionPaymentMethodOptionsLink Link { get; set; }
    public SessionPaymentMethodOptionsSepaDebit SepaDebit { get; set; }
    public SessionPaymentMethodOptionsUsBankAccount UsBankAccount { get; set; }
}

public class SessionPaymentMethodOptionsCard : StripeEntity<SessionPaymentMethodOptionsCard>
{
    public SessionPaymentMethodOptionsCardInstallments Installments { get; set; }
    public string SetupFutureUsage { get; set; }
    public string StatementDescriptorSuffixKana { get; set; }
    public string StatementDescriptorSuffixKanji { get; set; }
}

public class SessionPaymentMethodOptionsCardInstallments : StripeEntity<SessionPaymentMethodOptionsCardInstallments>
{
    public bool Enabled { get; set; }
}

public class SessionPaymentMethodOptionsLink : StripeEntity<SessionPaymentMethodOptionsLink>
{
    public string SetupFutureUsage { get; set; }
}

public class SessionPaymentMethodOptionsSepaDebit : StripeEntity<SessionPaymentMethodOptionsSepaDebit>
{
    public string SetupFutureUsage { get; set; }
}

public class SessionPaymentMethodOptionsUsBankAccount : StripeEntity<SessionPaymentMethodOptionsUsBankAccount>
{
    public SessionPaymentMethodOptionsUsBankAccountFinancialConnections FinancialConnections { get; set; }
    public string SetupFutureUsage { get; set; }
    public string VerificationMethod { get; set; }
}

public class SessionPaymentMethodOptionsUsBankAccountFinancialConnections : StripeEntity<SessionPaymentMethodOptionsUsBankAccountFinancialConnections>
{
    public List<string> Permissions { get; set; }
    public List<string> Prefetch { get; set; }
    public string ReturnUrl { get; set; }
}

public class SessionPhoneNumberCollection : StripeEntity<SessionPhoneNumberCollection>
{
    public bool Enabled { get; set; }
}

public class SessionShippingAddressCollection : StripeEntity<SessionShippingAddressCollection>
{
    public List<string> AllowedCountries { get; set; }
}

public class SessionShippingCost : StripeEntity<SessionShippingCost>
{
    public long AmountSubtotal { get; set; }
    public long AmountTax { get; set; }
    public long AmountTotal { get; set; }
    [JsonIgnore] public string ShippingRateId { get => ShippingRateField.Id; set => ShippingRateField = ShippingRateField.WithId(value); }
    [JsonIgnore] public ShippingRate ShippingRate { get => ShippingRateField.Object; set => ShippingRateField = Expandable<ShippingRate>.Of(value); }
    [JsonInclude, JsonPropertyName("shipping_rate")] internal Expandable<ShippingRate> ShippingRateField { get; set; }
    public List<SessionShippingCostTax> Taxes { get; set; }
}

public class SessionShippingCostTax : StripeEntity<SessionShippingCostTax>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public TaxRate Rate { get; set; }
    public string TaxabilityReason { get; set; }
    public long? TaxableAmount { get; set; }
}

public class SessionShippingDetails : StripeEntity<SessionShippingDetails>
{
    public Address Address { get; set; }
    public string Carrier { get; set; }
    public string Name { get; set; }
    public string Phone { get; set; }
    public string TrackingNumber { get; set; }
}

public class SessionShippingOption : StripeEntity<SessionShippingOption>
{
    public long ShippingAmount { get; set; }
    [JsonIgnore] public string ShippingRateId { get => ShippingRateField.Id; set => ShippingRateField = ShippingRateField.WithId(value); }
    [JsonIgnore] public ShippingRate ShippingRate { get => ShippingRateField.Object; set => ShippingRateField = Expandable<ShippingRate>.Of(value); }
    [JsonInclude, JsonPropertyName("shipping_rate")] internal Expandable<ShippingRate> ShippingRateField { get; set; }
}

public class SessionTaxIdCollection : StripeEntity<SessionTaxIdCollection>
{
    public bool Enabled { get; set; }
}

public class SessionTotalDetails : StripeEntity<SessionTotalDetails>
{
    public long AmountDiscount { get; set; }
    public long? AmountShipping { get; set; }
    public long AmountTax { get; set; }
    public SessionTotalDetailsBreakdown Breakdown { get; set; }
}

public class SessionTotalDetailsBreakdown : StripeEntity<SessionTotalDetailsBreakdown>
{
    public List<SessionTotalDetailsBreakdownDiscount> Discounts { get; set; }
    public List<SessionTotalDetailsBreakdownTax> Taxes { get; set; }
}

public class SessionTotalDetailsBreakdownDiscount : StripeEntity<SessionTotalDetailsBreakdownDiscount>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public Discount Discount { get; set; }
}

public class SessionTotalDetailsBreakdownTax : StripeEntity<SessionTotalDetailsBreakdownTax>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public TaxRate Rate { get; set; }
    public string TaxabilityReason { get; set; }
    public long? TaxableAmount { get; set; }
}
