using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>What a customer owes for a period or by hand.</summary>
public class Invoice : StripeEntity<Invoice>, IHasId, IHasMetadata, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public string AccountCountry { get; set; }
    public string AccountName { get; set; }
    [JsonIgnore] public List<string> AccountTaxIdIds { get => AccountTaxIdsField.Ids(); set => AccountTaxIdsField = Expandables.FromIds<TaxId>(value); }
    [JsonIgnore] public List<TaxId> AccountTaxIds { get => AccountTaxIdsField.Objects(); set => AccountTaxIdsField = Expandables.FromObjects(value); }
    [JsonInclude, JsonPropertyName("account_tax_ids")] internal List<Expandable<TaxId>> AccountTaxIdsField { get; set; }
    public long AmountDue { get; set; }
    public long AmountPaid { get; set; }
    public long AmountRemaining { get; set; }
    public long AmountShipping { get; set; }
    [JsonIgnore] public string ApplicationId { get => ApplicationField.Id; set => ApplicationField = ApplicationField.WithId(value); }
    [JsonIgnore] public Application Application { get => ApplicationField.Object; set => ApplicationField = Expandable<Application>.Of(value); }
    [JsonInclude, JsonPropertyName("application")] internal Expandable<Application> ApplicationField { get; set; }
    public long? ApplicationFeeAmount { get; set; }
    public long AttemptCount { get; set; }
    public bool Attempted { get; set; }
    public bool AutoAdvance { get; set; }
    public InvoiceAutomaticTax AutomaticTax { get; set; }
    public string BillingReason { get; set; }
    [JsonIgnore] public string ChargeId { get => ChargeField.Id; set => ChargeField = ChargeField.WithId(value); }
    [JsonIgnore] public Charge Charge { get => ChargeField.Object; set => ChargeField = Expandable<Charge>.Of(value); }
    [JsonInclude, JsonPropertyName("charge")] internal Expandable<Charge> ChargeField { get; set; }
    public string CollectionMethod { get; set; }
    public DateTime Created { get; set; }
    public string Currency { get; set; }
    public List<InvoiceCustomField> CustomFields { get; set; }
    [JsonIgnore] public string CustomerId { get => CustomerField.Id; set => CustomerField = CustomerField.WithId(value); }
    [JsonIgnore] public Customer Customer { get => CustomerField.Object; set => CustomerField = Expandable<Customer>.Of(value); }
    [JsonInclude, JsonPropertyName("customer")] internal Expandable<Customer> CustomerField { get; set; }
    public Address CustomerAddress { get; set; }
    public string CustomerEmail { get; set; }
    public string CustomerName { get; set; }
    public string CustomerPhone { get; set; }
    public Shipping CustomerShipping { get; set; }
    public string CustomerTaxExempt { get; set; }
    public List<InvoiceCustomerTaxId> CustomerTaxIds { get; set; }
    [JsonIgnore] public string DefaultPaymentMethodId { get => DefaultPaymentMethodField.Id; set => DefaultPaymentMethodField = DefaultPaymentMethodField.WithId(value); }
    [JsonIgnore] public PaymentMethod DefaultPaymentMethod { get => DefaultPaymentMethodField.Object; set => DefaultPaymentMethodField = Expandable<PaymentMethod>.Of(value); }
    [JsonInclude, JsonPropertyName("default_payment_method")] internal Expandable<PaymentMethod> DefaultPaymentMethodField { get; set; }
    [JsonIgnore] public string DefaultSourceId { get => DefaultSourceField.Id; set => DefaultSourceField = DefaultSourceField.WithId(value); }
    [JsonIgnore] public IPaymentSource DefaultSource { get => DefaultSourceField.Object; set => DefaultSourceField = Expandable<IPaymentSource>.Of(value); }
    [JsonInclude, JsonPropertyName("default_source")] internal Expandable<IPaymentSource> DefaultSourceField { get; set; }
    public List<TaxRate> DefaultTaxRates { get; set; }
    public bool? Deleted { get; set; }
    public string Description { get; set; }
    public Discount Discount { get; set; }
    [JsonIgnore] public List<string> DiscountIds { get => DiscountsField.Ids(); set => DiscountsField = Expandables.FromIds<Discount>(value); }
    [JsonIgnore] public List<Discount> Discounts { get => DiscountsField.Objects(); set => DiscountsField = Expandables.FromObjects(value); }
    [JsonInclude, JsonPropertyName("discounts")] internal List<Expandable<Discount>> DiscountsField { get; set; }
    public DateTime? DueDate { get; set; }
    public DateTime? EffectiveAt { get; set; }
    public long? EndingBalance { get; set; }
    public string Footer { get; set; }
    public InvoiceFromInvoice FromInvoice { get; set; }
    public string HostedInvoiceUrl { get; set; }
    public string InvoicePdf { get; set; }
    public StripeError LastFinalizationError { get; set; }
    [JsonIgnore] public string LatestRevisionId { get => LatestRevisionField.Id; set => LatestRevisionField = LatestRevisionField.WithId(value); }
    [JsonIgnore] public Invoice LatestRevision { get => LatestRevisionField.Object; set => LatestRevisionField = Expandable<Invoice>.Of(value); }
    [JsonInclude, JsonPropertyName("latest_revision")] internal Expandable<Invoice> LatestRevisionField { get; set; }
    public StripeList<InvoiceLineItem> Lines { get; set; }
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public DateTime? NextPaymentAttempt { get; set; }
    public string Number { get; set; }
    [JsonIgnore] public string OnBehalfOfId { get => OnBehalfOfField.Id; set => OnBehalfOfField = OnBehalfOfField.WithId(value); }
    [JsonIgnore] public Account OnBehalfOf { get => OnBehalfOfField.Object; set => OnBehalfOfField = Expandable<Account>.Of(value); }
    [JsonInclude, JsonPropertyName("on_behalf_of")] internal Expandable<Account> OnBehalfOfField { get; set; }
    public bool Paid { get; set; }
    public bool PaidOutOfBand { get; set; }
    [JsonIgnore] public string PaymentIntentId { get => PaymentIntentField.Id; set => PaymentIntentField = PaymentIntentField.WithId(value); }
    [JsonIgnore] public PaymentIntent PaymentIntent { get => PaymentIntentField.Object; set => PaymentIntentField = Expandable<PaymentIntent>.Of(value); }
    [JsonInclude, JsonPropertyName("payment_intent")] internal Expandable<PaymentIntent> PaymentIntentField { get; set; }
    public InvoicePaymentSettings PaymentSettings { get; set; }
    public DateTime PeriodEnd { get; set; }
    public DateTime PeriodStart { get; set; }
    public long PostPaymentCreditNotesAmount { get; set; }
    public long PrePaymentCreditNotesAmount { get; set; }
    public string ReceiptNumber { get; set; }
    public InvoiceRenderingOptions RenderingOptions { get; set; }
    public InvoiceShippingCost ShippingCost { get; set; }
    public InvoiceShippingDetails ShippingDetails { get; set; }
    public long StartingBalance { get; set; }
    public string StatementDescriptor { get; set; }
    /// <summary><c>draft</c>, <c>open</c>, <c>paid</c>, <c>uncollectible</c> or <c>void</c>.</summary>
    public string Status { get; set; }
    public InvoiceStatusTransitions StatusTransitions { get; set; }
    [JsonIgnore] public string SubscriptionId { get => SubscriptionField.Id; set => SubscriptionField = SubscriptionField.WithId(value); }
    [JsonIgnore] public Subscription Subscription { get => SubscriptionField.Object; set => SubscriptionField = Expandable<Subscription>.Of(value); }
    [JsonInclude, JsonPropertyName("subscription")] internal Expandable<Subscription> SubscriptionField { get; set; }
    public InvoiceSubscriptionDetails SubscriptionDetails { get; set; }
    public DateTime SubscriptionProrationDate { get; set; }
    public long Subtotal { get; set; }
    public long? SubtotalExcludingTax { get; set; }
    public long? Tax { get; set; }
    [JsonIgnore] public string TestClockId { get => TestClockField.Id; set => TestClockField = TestClockField.WithId(value); }
    [JsonIgnore] public TestHelpers.TestClock TestClock { get => TestClockField.Object; set => TestClockField = Expandable<TestHelpers.TestClock>.Of(value); }
    [JsonInclude, JsonPropertyName("test_clock")] internal Expandable<TestHelpers.TestClock> TestClockField { get; set; }
    public InvoiceThresholdReason ThresholdReason { get; set; }
    public long Total { get; set; }
    public List<InvoiceDiscountAmount> TotalDiscountAmounts { get; set; }
    public long? TotalExcludingTax { get; set; }
    public List<InvoiceTaxAmount> TotalTaxAmounts { get; set; }
    public InvoiceTransferData TransferData { get; set; }
    public DateTime? WebhooksDeliveredAt { get; set; }
}

public class InvoiceAutomaticTax : StripeEntity<InvoiceAutomaticTax>
{
    public bool Enabled { get; set; }
    public string Status { get; set; }
}

public class InvoiceCustomField : StripeEntity<InvoiceCustomField>
{
    public string Name { get; set; }
    public string Value { get; set; }
}

public class InvoiceCustomerTaxId : StripeEntity<InvoiceCustomerTaxId>
{
    public string Type { get; set; }
    public string Value { get; set; }
}

public class InvoiceDiscountAmount : StripeEntity<InvoiceDiscountAmount>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    [JsonIgnore] public string DiscountId { get => DiscountField.Id; set => DiscountField = DiscountField.WithId(value); }
    [JsonIgnore] public Discount Discount { get => DiscountField.Object; set => DiscountField = Expandable<Discount>.Of(value); }
    [JsonInclude, JsonPropertyName("discount")] internal Expandable<Discount> DiscountField { get; set; }
}

public class InvoiceFromInvoice : StripeEntity<InvoiceFromInvoice>
{
    public string Action { get; set; }
    [JsonIgnore] public string InvoiceId { get => InvoiceField.Id; set => InvoiceField = InvoiceField.WithId(value); }
    [JsonIgnore] public Invoice Invoice { get => InvoiceField.Object; set => InvoiceField = Expandable<Invoice>.Of(value); }
    [JsonInclude, JsonPropertyName("invoice")] internal Expandable<Invoice> InvoiceField { get; set; }
}

public class InvoicePaymentSettings : StripeEntity<InvoicePaymentSettings>
{
    public string DefaultMandate { get; set; }
    public InvoicePaymentSettingsPaymentMethodOptions PaymentMethodOptions { get; set; }
    public List<string> PaymentMethodTypes { get; set; }
}

public class InvoicePaymentSettingsPaymentMethodOptions : StripeEntity<InvoicePaymentSettingsPaymentMethodOptions>
{
    public InvoicePaymentSettingsPaymentMethodOptionsCard Card { get; set; }
    public InvoicePaymentSettingsPaymentMethodOptionsUsBankAccount UsBankAccount { get; set; }
}

public class InvoicePaymentSettingsPaymentMethodOptionsCard : StripeEntity<InvoicePaymentSettingsPaymentMethodOptionsCard>
{
    public InvoicePaymentSettingsPaymentMethodOptionsCardInstallments Installments { get; set; }
    public string RequestThreeDSecure { get; set; }
}

public class InvoicePaymentSettingsPaymentMethodOptionsCardInstallments : StripeEntity<InvoicePaymentSettingsPaymentMethodOptionsCardInstallments>
{
    public bool? Enabled { get; set; }
}

public class InvoicePaymentSettingsPaymentMethodOptionsUsBankAccount : StripeEntity<InvoicePaymentSettingsPaymentMethodOptionsUsBankAccount>
{
    public InvoicePaymentSettingsPaymentMethodOptionsUsBankAccountFinancialConnections FinancialConnections { get; set; }
    public string VerificationMethod { get; set; }
}

public class InvoicePaymentSettingsPaymentMethodOptionsUsBankAccountFinancialConnections : StripeEntity<InvoicePaymentSettingsPaymentMethodOptionsUsBankAccountFinancialConnections>
{
    public List<string> Permissions { get; set; }
    public List<string> Prefetch { get; set; }
}

public class InvoiceRenderingOptions : StripeEntity<InvoiceRenderingOptions>
{
    public string AmountTaxDisplay { get; set; }
}

public class InvoiceShippingCost : StripeEntity<InvoiceShippingCost>
{
    public long AmountSubtotal { get; set; }
    public long AmountTax { get; set; }
    public long AmountTotal { get; set; }
    [JsonIgnore] public string ShippingRateId { get => ShippingRateField.Id; set => ShippingRateField = ShippingRateField.WithId(value); }
    [JsonIgnore] public ShippingRate ShippingRate { get => ShippingRateField.Object; set => ShippingRateField = Expandable<ShippingRate>.Of(value); }
    [JsonInclude, JsonPropertyName("shipping_rate")] internal Expandable<ShippingRate> ShippingRateField { get; set; }
    public List<InvoiceShippingCostTax> Taxes { get; set; }
}

public class InvoiceShippingCostTax : StripeEntity<InvoiceShippingCostTax>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public TaxRate Rate { get; set; }
    public string TaxabilityReason { get; set; }
    public long? TaxableAmount { get; set; }
}

public class InvoiceShippingDetails : StripeEntity<InvoiceShippingDetails>
{
    public Address Address { get; set; }
    public string Carrier { get; set; }
    public string Name { get; set; }
    public string Phone { get; set; }
    public string TrackingNumber { get; set; }
}

public class InvoiceStatusTransitions : StripeEntity<InvoiceStatusTransitions>
{
    public DateTime? FinalizedAt { get; set; }
    public DateTime? MarkedUncollectibleAt { get; set; }
    public DateTime? PaidAt { get; set; }
    public DateTime? VoidedAt { get; set; }
}

public class InvoiceSubscriptionDetails : StripeEntity<InvoiceSubscriptionDetails>, IHasMetadata
{
    public Dictionary<string, string> Metadata { get; set; }
}

public class InvoiceTaxAmount : StripeEntity<InvoiceTaxAmount>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long Amount { get; set; }
    public bool Inclusive { get; set; }
    [JsonIgnore] public string TaxRateId { get => TaxRateField.Id; set => TaxRateField = TaxRateField.WithId(value); }
    [JsonIgnore] public TaxRate TaxRate { get => TaxRateField.Object; set => TaxRateField = Expandable<TaxRate>.Of(value); }
    [JsonInclude, JsonPropertyName("tax_rate")] internal Expandable<TaxRate> TaxRateField { get; set; }
}

public class InvoiceThresholdReason : StripeEntity<InvoiceThresholdReason>
{
    public long? AmountGte { get; set; }
    public List<InvoiceThresholdReasonItemReason> ItemReasons { get; set; }
}

public class InvoiceThresholdReasonItemReason : StripeEntity<InvoiceThresholdReasonItemReason>
{
    public List<string> LineItemIds { get; set; }
    public long UsageGte { get; set; }
}

public class InvoiceTransferData : StripeEntity<InvoiceTransferData>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    [JsonIgnore] public string DestinationId { get => DestinationField.Id; set => DestinationField = DestinationField.WithId(value); }
    [JsonIgnore] public Account Destination { get => DestinationField.Object; set => DestinationField = Expandable<Account>.Of(value); }
    [JsonInclude, JsonPropertyName("destination")] internal Expandable<Account> DestinationField { get; set; }
}
