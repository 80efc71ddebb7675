namespace Stripe;

/// <summary>Parameters of <c>POST /v1/customers</c>.</summary>
public class CustomerCreateOptions : BaseOptions, IHasMetadata
{
    public AddressOptions Address { get; set; }
    public long? Balance { get; set; }
    public CustomerCashBalanceOptions CashBalance { get; set; }
    public string Coupon { get; set; }
    public string Description { get; set; }
    public string Email { get; set; }
    public string InvoicePrefix { get; set; }
    public CustomerInvoiceSettingsOptions InvoiceSettings { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Name { get; set; }
    public long? NextInvoiceSequence { get; set; }
    public string PaymentMethod { get; set; }
    public string Phone { get; set; }
    public List<string> PreferredLocales { get; set; }
    public string PromotionCode { get; set; }
    public ShippingOptions Shipping { get; set; }
    public string Source { get; set; }
    public CustomerTaxOptions Tax { get; set; }
    public string TaxExempt { get; set; }
    public List<CustomerTaxIdDataOptions> TaxIdData { get; set; }
    public string TestClock { get; set; }
}

/// <summary>Parameters of <c>DELETE /v1/customers/{id}</c>.</summary>
public class CustomerDeleteOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/customers/{id}</c>.</summary>
public class CustomerGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/customers</c>.</summary>
public class CustomerListOptions : ListOptionsWithCreated
{
    public string Email { get; set; }
    public string TestClock { get; set; }
}

/// <summary>Parameters of <c>GET /v1/customers/{id}/payment_methods</c>.</summary>
public class CustomerListPaymentMethodsOptions : ListOptions
{
    public string Type { get; set; }
}

/// <summary>Parameters of <c>GET /v1/customers/{id}/payment_methods/{payment_method}</c>.</summary>
public class CustomerRetrievePaymentMethodOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/customers/search</c>.</summary>
public class CustomerSearchOptions : SearchOptions;

/// <summary>Parameters of <c>POST /v1/customers/{id}</c>.</summary>
public class CustomerUpdateOptions : BaseOptions, IHasMetadata
{
    public AddressOptions Address { get; set; }
    public long? Balance { get; set; }
    public CustomerCashBalanceOptions CashBalance { get; set; }
    public string Coupon { get; set; }
    public string DefaultSource { get; set; }
    public string Description { get; set; }
    public string Email { get; set; }
    public string InvoicePrefix { get; set; }
    public CustomerInvoiceSettingsOptions InvoiceSettings { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Name { get; set; }
    public long? NextInvoiceSequence { get; set; }
    public string Phone { get; set; }
    public List<string> PreferredLocales { get; set; }
    public string PromotionCode { get; set; }
    public ShippingOptions Shipping { get; set; }
    public string Source { get; set; }
    public CustomerTaxOptions Tax { get; set; }
    public string TaxExempt { get; set; }
}
