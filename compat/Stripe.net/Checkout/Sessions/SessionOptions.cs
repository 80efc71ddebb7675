namespace Stripe.Checkout;

/// <summary>Parameters of <c>POST /v1/checkout/sessions</c>.</summary>
public class SessionCreateOptions : BaseOptions, IHasMetadata
{
    public SessionAfterExpirationOptions AfterExpiration { get; set; }
    public bool? AllowPromotionCodes { get; set; }
    public SessionAutomaticTaxOptions AutomaticTax { get; set; }
    public string BillingAddressCollection { get; set; }
    public string CancelUrl { get; set; }
    public string ClientReferenceId { get; set; }
    public SessionConsentCollectionOptions ConsentCollection { get; set; }
    public string Currency { get; set; }
    public List<SessionCustomFieldOptions> CustomFields { get; set; }
    public SessionCustomTextOptions CustomText { get; set; }
    public string Customer { get; set; }
    public string CustomerCreation { get; set; }
    public string CustomerEmail { get; set; }
    public SessionCustomerUpdateOptions CustomerUpdate { get; set; }
    public List<SessionDiscountOptions> Discounts { get; set; }
    public DateTime? ExpiresAt { get; set; }
    public SessionInvoiceCreationOptions InvoiceCreation { get; set; }
    public List<SessionLineItemOptions> LineItems { get; set; }
    public string Locale { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Mode { get; set; }
    public SessionPaymentIntentDataOptions PaymentIntentData { get; set; }
    public string PaymentMethodCollection { get; set; }
    public SessionPaymentMethodOptionsOptions PaymentMethodOptions { get; set; }
    public List<string> PaymentMethodTypes { get; set; }
    public SessionPhoneNumberCollectionOptions PhoneNumberCollection { get; set; }
    public SessionSetupIntentDataOptions SetupIntentData { get; set; }
    public SessionShippingAddressCollectionOptions ShippingAddressCollection { get; set; }
    public List<SessionShippingOptionOptions> ShippingOptions { get; set; }
    public string SubmitType { get; set; }
    public SessionSubscriptionDataOptions SubscriptionData { get; set; }
    public string SuccessUrl { get; set; }
    public SessionTaxIdCollectionOptions TaxIdCollection { get; set; }
}

/// <summary>Parameters of <c>POST /v1/checkout/sessions/{id}/expire</c>.</summary>
public class SessionExpireOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/checkout/sessions/{id}</c>.</summary>
public class SessionGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/checkout/sessions/{id}/line_items</c>.</summary>
public class SessionListLineItemsOptions : ListOptions;

/// <summary>Parameters of <c>GET /v1/checkout/sessions</c>.</summary>
public class SessionListOptions : ListOptions
{
    public string Customer { get; set; }
    public SessionCustomerDetailsOptions CustomerDetails { get; set; }
    public string PaymentIntent { get; set; }
    public string PaymentLink { get; set; }
    public string Subscription { get; set; }
}
