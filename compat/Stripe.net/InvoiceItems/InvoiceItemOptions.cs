namespace Stripe;

/// <summary>Parameters of <c>POST /v1/invoiceitems</c>.</summary>
public class InvoiceItemCreateOptions : BaseOptions, IHasMetadata
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string Currency { get; set; }
    public string Customer { get; set; }
    public string Description { get; set; }
    public bool? Discountable { get; set; }
    public List<InvoiceItemDiscountOptions> Discounts { get; set; }
    public string Invoice { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public InvoiceItemPeriodOptions Period { get; set; }
    public string Price { get; set; }
    public InvoiceItemPriceDataOptions PriceData { get; set; }
    public long? Quantity { get; set; }
    public string Subscription { get; set; }
    public string TaxBehavior { get; set; }
    public string TaxCode { get; set; }
    public List<string> TaxRates { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? UnitAmount { get; set; }
    public decimal? UnitAmountDecimal { get; set; }
}

/// <summary>Parameters of <c>DELETE /v1/invoiceitems/{id}</c>.</summary>
public class InvoiceItemDeleteOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/invoiceitems/{id}</c>.</summary>
public class InvoiceItemGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/invoiceitems</c>.</summary>
public class InvoiceItemListOptions : ListOptionsWithCreated
{
    public string Customer { get; set; }
    public string Invoice { get; set; }
    public bool? Pending { get; set; }
}

/// <summary>Parameters of <c>POST /v1/invoiceitems/{id}</c>.</summary>
public class InvoiceItemUpdateOptions : BaseOptions, IHasMetadata
{
    /// <summary>In the smallest unit of the currency.</summary>
    public long? Amount { get; set; }
    public string Description { get; set; }
    public bool? Discountable { get; set; }
    public List<InvoiceItemDiscountOptions> Discounts { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public InvoiceItemPeriodOptions Period { get; set; }
    public string Price { get; set; }
    public InvoiceItemPriceDataOptions PriceData { get; set; }
    public long? Quantity { get; set; }
    public string TaxBehavior { get; set; }
    public string TaxCode { get; set; }
    public List<string> TaxRates { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? UnitAmount { get; set; }
    public decimal? UnitAmountDecimal { get; set; }
}
