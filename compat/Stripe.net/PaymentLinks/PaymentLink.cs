using System.Text.Json.Serialization;
using Stripe.Json;

namespace Stripe;

/// <summary>An address at which anybody may buy what it names.</summary>
public class PaymentLink : StripeEntity<PaymentLink>, IHasId, IHasMetadata, IHasObject
{
    public string Id { get; set; }
    public string Object { get; set; }
    public bool Active { get; set; }
    public PaymentLinkAfterCompletion AfterCompletion { get; set; }
    public bool AllowPromotionCodes { get; set; }
    [JsonIgnore] public string ApplicationId { get => ApplicationField.Id; set => ApplicationField = ApplicationField.WithId(value); }
    [JsonIgnore] public Application Application { get => ApplicationField.Object; set => ApplicationField = Expandable<Application>.Of(value); }
    [JsonInclude, JsonPropertyName("application")] internal Expandable<Application> ApplicationField { get; set; }
    public long? ApplicationFeeAmount { get; set; }
    public decimal? ApplicationFeePercent { get; set; }
    public PaymentLinkAutomaticTax AutomaticTax { get; set; }
    public string BillingAddressCollection { get; set; }
    public PaymentLinkConsentCollection ConsentCollection { get; set; }
    public string Currency { get; set; }
    public List<PaymentLinkCustomField> CustomFields { get; set; }
    public PaymentLinkCustomText CustomText { get; set; }
    public string CustomerCreation { get; set; }
    public PaymentLinkInvoiceCreation InvoiceCreation { get; set; }
    public StripeList<LineItem> LineItems { get; set; }
    public bool Livemode { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    [JsonIgnore] public string OnBehalfOfId { get => OnBehalfOfField.Id; set => OnBehalfOfField = OnBehalfOfField.WithId(value); }
    [JsonIgnore] public Account OnBehalfOf { get => OnBehalfOfField.Object; set => OnBehalfOfField = Expandable<Account>.Of(value); }
    [JsonInclude, JsonPropertyName("on_behalf_of")] internal Expandable<Account> OnBehalfOfField { get; set; }
    public PaymentLinkPaymentIntentData PaymentIntentData { get; set; }
    public string PaymentMethodCollection { get; set; }
    public List<string> PaymentMethodTypes { get; set; }
    public PaymentLinkPhoneNumberCollection PhoneNumberCollection { get; set; }
    public PaymentLinkShippingAddressCollection ShippingAddressCollection { get; set; }
    public List<PaymentLinkShippingOption> ShippingOptions { get; set; }
    public string SubmitType { get; set; }
    public PaymentLinkSubscriptionData SubscriptionData { get; set; }
    public PaymentLinkTaxIdCollection TaxIdCollection { get; set; }
    public PaymentLinkTransferData TransferData { get; set; }
    public string Url { get; set; }
}

public class PaymentLinkAfterCompletion : StripeEntity<PaymentLinkAfterCompletion>
{
    public PaymentLinkAfterCompletionHostedConfirmation HostedConfirmation { get; set; }
    public PaymentLinkAfterCompletionRedirect Redirect { get; set; }
    public string Type { get; set; }
}

public class PaymentLinkAfterCompletionHostedConfirmation : StripeEntity<PaymentLinkAfterCompletionHostedConfirmation>
{
    public string CustomMessage { get; set; }
}

public class PaymentLinkAfterCompletionRedirect : StripeEntity<PaymentLinkAfterCompletionRedirect>
{
    public string Url { get; set; }
}

public class PaymentLinkAutomaticTax : StripeEntity<PaymentLinkAutomaticTax>
{
    public bool Enabled { get; set; }
}

public class PaymentLinkConsentCollection : StripeEntity<PaymentLinkConsentCollection>
{
    public string Promotions { get; set; }
    public string TermsOfService { get; set; }
}

public class PaymentLinkCustomField : StripeEntity<PaymentLinkCustomField>
{
    public PaymentLinkCustomFieldDropdown Dropdown { get; set; }
    public string Key { get; set; }
    public PaymentLinkCustomFieldLabel Label { get; set; }
    public PaymentLinkCustomFieldNumeric Numeric { get; set; }
    public bool Optional { get; set; }
    public PaymentLinkCustomFieldText Text { get; set; }
    public string Type { get; set; }
}

public class PaymentLinkCustomFieldDropdown : StripeEntity<PaymentLinkCustomFieldDropdown>
{
    public List<PaymentLinkCustomFieldDropdownOption> Options { get; set; }
}

public class PaymentLinkCustomFieldDropdownOption : StripeEntity<PaymentLinkCustomFieldDropdownOption>
{
    public string Label { get; set; }
    public string Value { get; set; }
}

public class PaymentLinkCustomFieldLabel : StripeEntity<PaymentLinkCustomFieldLabel>
{
    public string Custom { get; set; }
    public string Type { get; set; }
}

public class PaymentLinkCustomFieldNumeric : StripeEntity<PaymentLinkCustomFieldNumeric>
{
    public long? MaximumLength { get; set; }
    public long? MinimumLength { get; set; }
}

public class PaymentLinkCustomFieldText : StripeEntity<PaymentLinkCustomFieldText>
{
    public long? MaximumLength { get; set; }
    public long? MinimumLength { get; set; }
}

public class PaymentLinkCustomText : StripeEntity<PaymentLinkCustomText>
{
    public PaymentLinkCustomTextShippingAddress ShippingAddress { get; set; }
    public PaymentLinkCustomTextSubmit Submit { get; set; }
}

public class PaymentLinkCustomTextShippingAddress : StripeEntity<PaymentLinkCustomTextShippingAddress>
{
    public string Message { get; set; }
}

public class PaymentLinkCustomTextSubmit : StripeEntity<PaymentLinkCustomTextSubmit>
{
    public string Message { get; set; }
}

public class PaymentLinkInvoiceCreation : StripeEntity<PaymentLinkInvoiceCreation>
{
    public bool Enabled { get; set; }
    public PaymentLinkInvoiceCreationInvoiceData InvoiceData { get; set; }
}

public class PaymentLinkInvoiceCreationInvoiceData : StripeEntity<PaymentLinkInvoiceCreationInvoiceData>, IHasMetadata
{
    [JsonIgnore] public List<string> AccountTaxIdIds { get => AccountTaxIdsField.Ids(); set => AccountTaxIdsField = Expandables.FromIds<TaxId>(value); }
    [JsonIgnore] public List<TaxId> AccountTaxIds { get => AccountTaxIdsField.Objects(); set => AccountTaxIdsField = Expandables.FromObjects(value); }
    [JsonInclude, JsonPropertyName("account_tax_ids")] internal List<Expandable<TaxId>> AccountTaxIdsField { get; set; }
    public List<PaymentLinkInvoiceCreationInvoiceDataCustomField> CustomFields { get; set; }
    public string Description { get; set; }
    public string Footer { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public PaymentLinkInvoiceCreationInvoiceDataRenderingOptions RenderingOptions { get; set; }
}

public class PaymentLinkInvoiceCreationInvoiceDataCustomField : StripeEntity<PaymentLinkInvoiceCreationInvoiceDataCustomField>
{
    public string Name { get; set; }
    public string Value { get; set; }
}

public class PaymentLinkInvoiceCreationInvoiceDataRenderingOptions : StripeEntity<PaymentLinkInvoiceCreationInvoiceDataRenderingOptions>
{
    public string AmountTaxDisplay { get; set; }
}

public class PaymentLinkPaymentIntentData : StripeEntity<PaymentLinkPaymentIntentData>
{
    public string CaptureMethod { get; set; }
    public string SetupFutureUsage { get; set; }
}

public class PaymentLinkPhoneNumberCollection : StripeEntity<PaymentLinkPhoneNumberCollection>
{
    public bool Enabled { get; set; }
}

public class PaymentLinkShippingAddressCollection : StripeEntity<PaymentLinkShippingAddressCollection>
{
    public List<string> AllowedCountries { get; set; }
}

public class PaymentLinkShippingOption : StripeEntity<PaymentLinkShippingOption>
{
    public long ShippingAmount { get; set; }
    [JsonIgnore] public string ShippingRateId { get => ShippingRateField.Id; set => ShippingRateField = ShippingRateField.WithId(value); }
    [JsonIgnore] public ShippingRate ShippingRate { get => ShippingRateField.Object; set => ShippingRateField = Expandable<ShippingRate>.Of(value); }
    [JsonInclude, JsonPropertyName("shipping_rate")] internal Expandable<ShippingRate> ShippingRateField { get; set; }
}

public class PaymentLinkSubscriptionData : StripeEntity<PaymentLinkSubscriptionData>
{
    public string Description { get; set; }
    public long? TrialPeriodDays { get; set; }
}

public class PaymentLinkTaxIdCollection : StripeEntity<PaymentLinkTaxIdCollection>
{
    public bool Enabled { get; set; }
}

public class PaymentLinkTransferData : StripeEntity<PaymentLinkTransferData>
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    [JsonIgnore] public string DestinationId { get => DestinationField.Id; set => DestinationField = DestinationField.WithId(value); }
    [JsonIgnore] public Account Destination { get => DestinationField.Object; set => DestinationField = Expandable<Account>.Of(value); }
    [JsonInclude, JsonPropertyName("destination")] internal Expandable<Account> DestinationField { get; set; }
}
