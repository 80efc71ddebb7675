namespace Stripe;

/// <summary>Parameters of <c>POST /v1/invoices</c>.</summary>
public class InvoiceCreateOptions : BaseOptions, IHasMetadata
{
    public List<string> AccountTaxIds { get; set; }
    public long? ApplicationFeeAmount { get; set; }
    public bool? AutoAdvance { get; set; }
    public InvoiceAutomaticTaxOptions AutomaticTax { get; set; }
    public string CollectionMethod { get; set; }
    public string Currency { get; set; }
    public List<InvoiceCustomFieldOptions> CustomFields { get; set; }
    public string Customer { get; set; }
    public long? DaysUntilDue { get; set; }
    public string DefaultPaymentMethod { get; set; }
    public string DefaultSource { get; set; }
    public List<string> DefaultTaxRates { get; set; }
    public string Description { get; set; }
    public List<InvoiceDiscountOptions> Discounts { get; set; }
    public DateTime? DueDate { get; set; }
    public DateTime? EffectiveAt { get; set; }
    public string Footer { get; set; }
    public InvoiceFromInvoiceOptions FromInvoice { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string OnBehalfOf { get; set; }
    public InvoicePaymentSettingsOptions PaymentSettings { get; set; }
    public string PendingInvoiceItemsBehavior { get; set; }
    public InvoiceRenderingOptionsOptions RenderingOptions { get; set; }
    public InvoiceShippingCostOptions ShippingCost { get; set; }
    public InvoiceShippingDetailsOptions ShippingDetails { get; set; }
    public string StatementDescriptor { get; set; }
    public string Subscription { get; set; }
    public InvoiceTransferDataOptions TransferData { get; set; }
}

/// <summary>Parameters of <c>DELETE /v1/invoices/{id}</c>.</summary>
public class InvoiceDeleteOptions : BaseOptions;

/// <summary>Parameters of <c>POST /v1/invoices/{id}/finalize</c>.</summary>
public class InvoiceFinalizeOptions : BaseOptions
{
    public bool? AutoAdvance { get; set; }
}

/// <summary>Parameters of <c>GET /v1/invoices/{id}</c>.</summary>
public class InvoiceGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/invoices/{id}/lines</c>.</summary>
public class InvoiceListLineItemsOptions : ListOptions;

/// <summary>Parameters of <c>GET /v1/invoices</c>.</summary>
public class InvoiceListOptions : ListOptionsWithCreated
{
    public string CollectionMethod { get; set; }
    public string Customer { get; set; }
    public AnyOf<DateTime?, DateRangeOptions> DueDate { get; set; }
    public string Status { get; set; }
    public string Subscription { get; set; }
}

/// <summary>Parameters of <c>POST /v1/invoices/{id}/mark_uncollectible</c>.</summary>
public class InvoiceMarkUncollectibleOptions : BaseOptions;

/// <summary>Parameters of <c>POST /v1/invoices/{id}/pay</c>.</summary>
public class InvoicePayOptions : BaseOptions
{
    public bool? Forgive { get; set; }
    public string Mandate { get; set; }
    public bool? OffSession { get; set; }
    public bool? PaidOutOfBand { get; set; }
    public string PaymentMethod { get; set; }
    public string Source { get; set; }
}

/// <summary>Parameters of <c>GET /v1/invoices/search</c>.</summary>
public class InvoiceSearchOptions : SearchOptions;

/// <summary>Parameters of <c>POST /v1/invoices/{id}/send</c>.</summary>
public class InvoiceSendOptions : BaseOptions;

/// <summary>Parameters of <c>POST /v1/invoices/{id}</c>.</summary>
public class InvoiceUpdateOptions : BaseOptions, IHasMetadata
{
    public List<string> AccountTaxIds { get; set; }
    public long? ApplicationFeeAmount { get; set; }
    public bool? AutoAdvance { get; set; }
    public InvoiceAutomaticTaxOptions AutomaticTax { get; set; }
    public string CollectionMethod { get; set; }
    public List<InvoiceCustomFieldOptions> CustomFields { get; set; }
    public long? DaysUntilDue { get; set; }
    public string DefaultPaymentMethod { get; set; }
    public string DefaultSource { get; set; }
    public List<string> DefaultTaxRates { get; set; }
    public string Description { get; set; }
    public List<InvoiceDiscountOptions> Discounts { get; set; }
    public DateTime? DueDate { get; set; }
    public DateTime? EffectiveAt { get; set; }
    public string Footer { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string OnBehalfOf { get; set; }
    public InvoicePaymentSettingsOptions PaymentSettings { get; set; }
    public InvoiceRenderingOptionsOptions RenderingOptions { get; set; }
    public InvoiceShippingCostOptions ShippingCost { get; set; }
    public InvoiceShippingDetailsOptions ShippingDetails { get; set; }
    public string StatementDescriptor { get; set; }
    public InvoiceTransferDataOptions TransferData { get; set; }
}

/// <summary>Parameters of <c>POST /v1/invoices/{id}/void</c>.</summary>
public class InvoiceVoidOptions : BaseOptions;
