namespace Stripe;

/// <summary>Parameters of <c>POST /v1/payment_links</c>.</summary>
public class PaymentLinkCreateOptions : BaseOptions, IHasMetadata
{
    public PaymentLinkAfterCompletionOptions AfterCompletion { get; set; }
    public bool? AllowPromotionCodes { get; set; }
    public long? ApplicationFeeAmount { get; set; }
    public decimal? ApplicationFeePercent { get; set; }
    public PaymentLinkAutomaticTaxOptions AutomaticTax { get; set; }
    public string BillingAddressCollection { get; set; }
    public PaymentLinkConsentCollectionOptions ConsentCollection { get; set; }
    public string Currency { get; set; }
    public List<PaymentLinkCustomFieldOptions> CustomFields { get; set; }
    public PaymentLinkCustomTextOptions CustomText { get; set; }
    public string CustomerCreation { get; set; }
    public PaymentLinkInvoiceCreationOptions InvoiceCreation { get; set; }
    public List<PaymentLinkLineItemOptions> LineItems { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string OnBehalfOf { get; set; }
    public PaymentLinkPaymentIntentDataOptions PaymentIntentData { get; set; }
    public string PaymentMethodCollection { get; set; }
    public List<string> PaymentMethodTypes { get; set; }
    public PaymentLinkPhoneNumberCollectionOptions PhoneNumberCollection { get; set; }
    public PaymentLinkShippingAddressCollectionOptions ShippingAddressCollection { get; set; }
    public List<PaymentLinkShippingOptionOptions> ShippingOptions { get; set; }
    public string SubmitType { get; set; }
    public PaymentLinkSubscriptionDataOptions SubscriptionData { get; set; }
    public PaymentLinkTaxIdCollectionOptions TaxIdCollection { get; set; }
    public PaymentLinkTransferDataOptions TransferData { get; set; }
}

/// <summary>Parameters of <c>GET /v1/payment_links/{id}</c>.</summary>
public class PaymentLinkGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/payment_links/{id}/line_items</c>.</summary>
public class PaymentLinkListLineItemsOptions : ListOptions;

/// <summary>Parameters of <c>GET /v1/payment_links</c>.</summary>
public class PaymentLinkListOptions : ListOptions
{
    public bool? Active { get; set; }
}

/// <summary>Parameters of <c>POST /v1/payment_links/{id}</c>.</summary>
public class PaymentLinkUpdateOptions : BaseOptions, IHasMetadata
{
    public bool? Active { get; set; }
    public PaymentLinkAfterCompletionOptions AfterCompletion { get; set; }
    public bool? AllowPromotionCodes { get; set; }
    public PaymentLinkAutomaticTaxOptions AutomaticTax { get; set; }
    public string BillingAddressCollection { get; set; }
    public List<PaymentLinkCustomFieldOptions> CustomFields { get; set; }
    public PaymentLinkCustomTextOptions CustomText { get; set; }
    public string CustomerCreation { get; set; }
    public PaymentLinkInvoiceCreationOptions InvoiceCreation { get; set; }
    public List<PaymentLinkLineItemOptions> LineItems { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string PaymentMethodCollection { get; set; }
    public List<string> PaymentMethodTypes { get; set; }
    public PaymentLinkShippingAddressCollectionOptions ShippingAddressCollection { get; set; }
}
