namespace Stripe;

public class PaymentLinkAfterCompletionHostedConfirmationOptions : INestedOptions
{
    public string CustomMessage { get; set; }
}

public class PaymentLinkAfterCompletionOptions : INestedOptions
{
    public PaymentLinkAfterCompletionHostedConfirmationOptions HostedConfirmation { get; set; }
    public PaymentLinkAfterCompletionRedirectOptions Redirect { get; set; }
    public string Type { get; set; }
}

public class PaymentLinkAfterCompletionRedirectOptions : INestedOptions
{
    public string Url { get; set; }
}

public class PaymentLinkAutomaticTaxOptions : INestedOptions
{
    public bool? Enabled { get; set; }
}

public class PaymentLinkConsentCollectionOptions : INestedOptions
{
    public string Promotions { get; set; }
    public string TermsOfService { get; set; }
}

public class PaymentLinkCustomFieldDropdownOptionOptions : INestedOptions
{
    public string Label { get; set; }
    public string Value { get; set; }
}

public class PaymentLinkCustomFieldDropdownOptions : INestedOptions
{
    public List<PaymentLinkCustomFieldDropdownOptionOptions> Options { get; set; }
}

public class PaymentLinkCustomFieldLabelOptions : INestedOptions
{
    public string Custom { get; set; }
    public string Type { get; set; }
}

public class PaymentLinkCustomFieldNumericOptions : INestedOptions
{
    public long? MaximumLength { get; set; }
    public long? MinimumLength { get; set; }
}

public class PaymentLinkCustomFieldOptions : INestedOptions
{
    public PaymentLinkCustomFieldDropdownOptions Dropdown { get; set; }
    public string Key { get; set; }
    public PaymentLinkCustomFieldLabelOptions Label { get; set; }
    public PaymentLinkCustomFieldNumericOptions Numeric { get; set; }
    public bool? Optional { get; set; }
    public PaymentLinkCustomFieldTextOptions Text { get; set; }
    public string Type { get; set; }
}

public class PaymentLinkCustomFieldTextOptions : INestedOptions
{
    public long? MaximumLength { get; set; }
    public long? MinimumLength { get; set; }
}

public class PaymentLinkCustomTextOptions : INestedOptions
{
    public PaymentLinkCustomTextShippingAddressOptions ShippingAddress { get; set; }
    public PaymentLinkCustomTextSubmitOptions Submit { get; set; }
}

public class PaymentLinkCustomTextShippingAddressOptions : INestedOptions
{
    public string Message { get; set; }
}

public class PaymentLinkCustomTextSubmitOptions : INestedOptions
{
    public string Message { get; set; }
}

public class PaymentLinkInvoiceCreationInvoiceDataCustomFieldOptions : INestedOptions
{
    public string Name { get; set; }
    public string Value { get; set; }
}

public class PaymentLinkInvoiceCreationInvoiceDataOptions : INestedOptions, IHasMetadata
{
    public List<string> AccountTaxIds { get; set; }
    public List<PaymentLinkInvoiceCreationInvoiceDataCustomFieldOptions> CustomFields { get; set; }
    public string Description { get; set; }
    public string Footer { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public PaymentLinkInvoiceCreationInvoiceDataRenderingOptionsOptions RenderingOptions { get; set; }
}

public class PaymentLinkInvoiceCreationInvoiceDataRenderingOptionsOptions : INestedOptions
{
    public string AmountTaxDisplay { get; set; }
}

public class PaymentLinkInvoiceCreationOptions : INestedOptions
{
    public bool? Enabled { get; set; }
    public PaymentLinkInvoiceCreationInvoiceDataOptions InvoiceData { get; set; }
}

public class PaymentLinkLineItemAdjustableQuantityOptions : INestedOptions
{
    public bool? Enabled { get; set; }
    public long? Maximum { get; set; }
    public long? Minimum { get; set; }
}

public class PaymentLinkLineItemOptions : INestedOptions, IHasId
{
    public PaymentLinkLineItemAdjustableQuantityOptions AdjustableQuantity { get; set; }
    public string Id { get; set; }
    public string Price { get; set; }
    public long? Quantity { get; set; }
}

public class PaymentLinkPaymentIntentDataOptions : INestedOptions
{
    public string CaptureMethod { get; set; }
    public string SetupFutureUsage { get; set; }
}

public class PaymentLinkPhoneNumberCollectionOptions : INestedOptions
{
    public bool? Enabled { get; set; }
}

public class PaymentLinkShippingAddressCollectionOptions : INestedOptions
{
    public List<string> AllowedCountries { get; set; }
}

public class PaymentLinkShippingOptionOptions : INestedOptions
{
    public string ShippingRate { get; set; }
}

public class PaymentLinkSubscriptionDataOptions : INestedOptions
{
    public string Description { get; set; }
    public long? TrialPeriodDays { get; set; }
}

public class PaymentLinkTaxIdCollectionOptions : INestedOptions
{
    public bool? Enabled { get; set; }
}

public class PaymentLinkTransferDataOptions : INestedOptions
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string Destination { get; set; }
}
