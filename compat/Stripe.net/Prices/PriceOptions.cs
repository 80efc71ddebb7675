namespace Stripe;

/// <summary>Parameters of <c>POST /v1/prices</c>.</summary>
public class PriceCreateOptions : BaseOptions, IHasMetadata
{
    public bool? Active { get; set; }
    public string BillingScheme { get; set; }
    public string Currency { get; set; }
    public Dictionary<string, PriceCurrencyOptionsOptions> CurrencyOptions { get; set; }
    public PriceCustomUnitAmountOptions CustomUnitAmount { get; set; }
    public string LookupKey { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Nickname { get; set; }
    public string Product { get; set; }
    public PriceProductDataOptions ProductData { get; set; }
    public PriceRecurringOptions Recurring { get; set; }
    public string TaxBehavior { get; set; }
    public List<PriceTierOptions> Tiers { get; set; }
    public string TiersMode { get; set; }
    public bool? TransferLookupKey { get; set; }
    public PriceTransformQuantityOptions TransformQuantity { get; set; }
    /// <summary>In the smallest unit of the currency.</summary>
    public long? UnitAmount { get; set; }
    public decimal? UnitAmountDecimal { get; set; }
}

/// <summary>Parameters of <c>GET /v1/prices/{id}</c>.</summary>
public class PriceGetOptions : BaseOptions;

/// <summary>Parameters of <c>GET /v1/prices</c>.</summary>
public class PriceListOptions : ListOptionsWithCreated
{
    public bool? Active { get; set; }
    public string Currency { get; set; }
    public List<string> LookupKeys { get; set; }
    public string Product { get; set; }
    public PriceRecurringListOptions Recurring { get; set; }
    public string Type { get; set; }
}

/// <summary>Parameters of <c>GET /v1/prices/search</c>.</summary>
public class PriceSearchOptions : SearchOptions;

/// <summary>Parameters of <c>POST /v1/prices/{id}</c>.</summary>
public class PriceUpdateOptions : BaseOptions, IHasMetadata
{
    public bool? Active { get; set; }
    public Dictionary<string, PriceCurrencyOptionsOptions> CurrencyOptions { get; set; }
    public string LookupKey { get; set; }
    public Dictionary<string, string> Metadata { get; set; }
    public string Nickname { get; set; }
    public string TaxBehavior { get; set; }
    public bool? TransferLookupKey { get; set; }
}
